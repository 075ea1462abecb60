package org.rowmill.mounter.node;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.mounter.ssh.RemoteResult;
import org.rowmill.mounter.ssh.SshSession;

/**
 * Copies files to {@code ~/.cache/rowmill} of a node. A file appears there only when it is complete and its checksum is
 * right. Two runs may copy the same file at the same time.
 */
final class NodeCache {

    static final String DIRECTORY = ".cache/rowmill";

    private static final Duration LIMIT = Duration.ofMinutes(10);

    private NodeCache() {}

    /**
     * Copies the files that the node's cache lacks.
     *
     * @param wanted files that the node needs
     * @param cached names of those that the cache contains
     */
    static void copy(SshSession session, List<NodeFile> wanted, Set<String> cached)
            throws NodeFault, InterruptedException {
        for (NodeFile file : wanted) {
            if (!cached.contains(file.name())) {
                copy(session, file);
            }
        }
    }

    /**
     * Copies a file that the probe did not look for. A node on which the file is of no use is tried again and again:
     * the file is copied once.
     */
    static void copyIfMissing(SshSession session, NodeFile file) throws NodeFault, InterruptedException {
        try {
            String command = "exec sh -c 'cd && [ -e " + DIRECTORY + "/" + file.name() + " ]'";
            if (session.run(command, new byte[0], LIMIT).exitCode() == 0) {
                return;
            }
        } catch (IOException e) {
            throw fault(file, e.toString());
        }
        copy(session, file);
    }

    private static void copy(SshSession session, NodeFile file) throws NodeFault, InterruptedException {
        try (InputStream in = file.source().open()) {
            RemoteResult result = session.run(copyCommand(file), in, LIMIT);
            if (result.exitCode() != 0) {
                throw fault(file, "the node answered: " + result.err().strip());
            }
        } catch (IOException e) {
            throw fault(file, e.toString());
        }
    }

    /**
     * Unpacks a runtime from the cache, unless another run has done so.
     *
     * @param home the node's home directory
     * @return the command that starts its Java
     */
    static String unpack(SshSession session, NodeFile runtime, String home) throws NodeFault, InterruptedException {
        String directory = runtime.sha256() + ".jre";
        String temporary = "." + directory + "." + Nonce.next();
        String command = "exec sh -c 'umask 077; cd && cd " + DIRECTORY + " && [ -d " + directory
                + " ] && exit; t=" + temporary
                + " && trap \"rm -rf $t\" EXIT && mkdir $t && tar xzf " + runtime.name() + " -C $t && mv $t "
                + directory + " 2>/dev/null || [ -d " + directory + " ]'";
        try {
            RemoteResult result = session.run(command, new byte[0], LIMIT);
            if (result.exitCode() == 0) {
                return home + "/" + DIRECTORY + "/" + directory + "/bin/java";
            }
            throw fault(runtime, "the node answered: " + result.err().strip());
        } catch (IOException e) {
            throw fault(runtime, e.toString());
        }
    }

    /**
     * The script is one word in single quotes and contains nothing that any login shell would expand. It uses the
     * SHA-256 command that the system has.
     */
    private static String copyCommand(NodeFile file) {
        return "exec sh -c 'umask 077; cd && mkdir -p " + DIRECTORY + " && cd " + DIRECTORY + " && t=." + file.name()
                + "." + Nonce.next()
                + " && trap \"rm -f $t\" EXIT && cat >$t && s=$({ sha256sum || shasum -a 256; } <$t 2>/dev/null)"
                + " && case $s in " + file.sha256() + "*) mv $t " + file.name()
                + ";; *) echo \"the checksum is wrong: $s\" >&2; exit 1;; esac'";
    }

    private static NodeFault fault(NodeFile file, String why) {
        return new NodeFault(
                ConnectionStep.COPY,
                file.label() + " cannot be copied into its ~/" + DIRECTORY + ": " + why,
                "Free some space there, or make it writable.");
    }
}
