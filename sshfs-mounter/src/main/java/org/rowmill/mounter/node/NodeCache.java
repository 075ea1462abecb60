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
 * The files in {@code ~/.cache/rowmill} of a node. A file appears there whole or not at all, and only if its checksum is
 * right; two runs that copy the same one at once do not disturb each other.
 */
final class NodeCache {

    static final String DIRECTORY = ".cache/rowmill";

    private static final Duration LIMIT = Duration.ofMinutes(10);

    private NodeCache() {}

    /**
     * Copies what the node lacks.
     *
     * @param wanted files that the node needs
     * @param cached names of those it has
     */
    static void copy(SshSession session, List<NodeFile> wanted, Set<String> cached)
            throws NodeFault, InterruptedException {
        for (NodeFile file : wanted) {
            if (!cached.contains(file.name())) {
                copy(session, file);
            }
        }
    }

    private static void copy(SshSession session, NodeFile file) throws NodeFault, InterruptedException {
        try (InputStream in = file.source().open()) {
            RemoteResult result = session.run(command(file), in, LIMIT);
            if (result.exitCode() != 0) {
                throw fault(file, "the node said: " + result.err().strip());
            }
        } catch (IOException e) {
            throw fault(file, e.toString());
        }
    }

    /**
     * Unpacks a runtime that was copied, unless another run has done it.
     *
     * @param home the node's home directory
     * @return the command of its Java
     */
    static String unpack(SshSession session, NodeFile runtime, String home) throws NodeFault, InterruptedException {
        String directory = runtime.sha256() + ".jre";
        String command = "exec sh -c 'umask 077; cd && cd " + DIRECTORY + " && t=." + directory
                + ".$$ && trap \"rm -rf $t\" EXIT && mkdir $t && tar xzf " + runtime.name() + " -C $t && mv $t "
                + directory + " 2>/dev/null || [ -d " + directory + " ]'";
        try {
            RemoteResult result = session.run(command, new byte[0], LIMIT);
            if (result.exitCode() == 0) {
                return home + "/" + DIRECTORY + "/" + directory + "/bin/java";
            }
            throw fault(runtime, "the node said: " + result.err().strip());
        } catch (IOException e) {
            throw fault(runtime, e.toString());
        }
    }

    /** Words that no shell minds, within single quotes; SHA-256 is told by whichever command the system has. */
    private static String command(NodeFile file) {
        return "exec sh -c 'umask 077; cd && mkdir -p " + DIRECTORY + " && cd " + DIRECTORY + " && t=." + file.name()
                + ".$$ && trap \"rm -f $t\" EXIT && cat >$t && s=$({ sha256sum || shasum -a 256; } <$t 2>/dev/null)"
                + " && case $s in " + file.sha256() + "*) mv $t " + file.name()
                + ";; *) echo \"the checksum is wrong: $s\" >&2; exit 1;; esac'";
    }

    private static NodeFault fault(NodeFile file, String why) {
        return new NodeFault(
                ConnectionStep.COPY,
                file.label() + " cannot be copied into its ~/" + DIRECTORY + ": " + why,
                "Make room there, or make it writable.");
    }
}
