package org.rowmill.mounter.node;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.mounter.sftp.SftpServer;
import org.rowmill.mounter.sftp.SharedDirectory;
import org.rowmill.mounter.sftp.Traffic;
import org.rowmill.mounter.ssh.RemoteProcess;
import org.rowmill.mounter.ssh.RemoteResult;
import org.rowmill.mounter.ssh.SshSession;
import org.rowmill.schemas.Threads;

/**
 * The project directory on a node: an {@code sshfs} there, whose SFTP stream runs inside the SSH connection to a server in
 * this JVM that knows no other directory. {@code agent.sh} ends the mount, after the consumer;
 * the end of the session ends the stream.
 */
public final class Mount {

    /** Of sshfs, those that every version knows. Slave: it speaks SFTP on its own standard input and output. */
    public static final String OPTIONS = "slave,idmap=user,dir_cache=no";

    /** Before the first byte of SFTP; what a login prints comes before it. From then on its process is known on the node. */
    private static final String MARK = "@rowmill\n";

    private static final int MOST_CHATTER = 1 << 16;
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final RemoteProcess sshfs;

    private Mount(RemoteProcess sshfs) {
        this.sshfs = sshfs;
    }

    /**
     * Mounts.
     *
     * @param name of the mount point, whose state directory the guard has made
     * @param extraOptions of sshfs that this node's knows
     * @param traffic counts
     * @param watch is told when it is lost
     */
    static Mount start(
            SshSession session,
            SharedDirectory project,
            String name,
            List<String> extraOptions,
            Traffic traffic,
            MountWatch watch)
            throws NodeFault, InterruptedException {
        try {
            Mount mount = new Mount(session.start(command(name, extraOptions)));
            mount.serve(session.address(), project, traffic, watch);
            mount.awaitMounted(session, name);
            return mount;
        } catch (IOException e) {
            throw fault(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Slave: it speaks SFTP on its own standard input and output. One word for old and new versions. The shell stays: a row whose
     * read fails since sshfs has ended has little time to tell its failure. (No exclamation mark: csh would replace it.)
     */
    private static String command(String name, List<String> extraOptions) {
        String options = OPTIONS + (extraOptions.isEmpty() ? "" : ",") + String.join(",", extraOptions);
        String state = ".rowmill-remote/." + name;
        return "exec sh -c 'cd && PATH=$PATH:/usr/local/bin && echo $$ >" + state + "/mounter"
                + " && sh -c \"echo \\$\\$ >" + state + "/sshfs && echo @rowmill && exec sshfs :/ .rowmill-remote/"
                + name + " -o " + options + "\"; code=$?; : >" + state
                + "/lost; { read -r group <" + state + "/consumer && kill -KILL -$group; } 2>/dev/null; exit $code'";
    }

    private void serve(String node, SharedDirectory project, Traffic traffic, MountWatch watch) throws IOException {
        InputStream out = new BufferedInputStream(MountWatch.counted(sshfs.out(), traffic), MOST_CHATTER);
        skipToMark(out);
        SftpServer server = new SftpServer(project, out, MountWatch.counted(sshfs.in(), traffic), traffic);
        Threads.startDaemon("rowmill-sftp-" + node, () -> watch.serve(server, sshfs.onExit()));
    }

    private static void skipToMark(InputStream out) throws IOException {
        StringBuilder chatter = new StringBuilder();
        while (!chatter.toString().endsWith(MARK)) {
            int next = out.read();
            if (next < 0 || chatter.length() > MOST_CHATTER) {
                throw new IOException(
                        "the node's shell answered: " + chatter.toString().strip());
            }
            chatter.append((char) next);
        }
    }

    private void awaitMounted(SshSession session, String name) throws NodeFault, IOException, InterruptedException {
        String command = "exec sh -c 'cd && i=0; until grep -q \"/[.]rowmill-remote/" + name
                + " fuse\" /proc/mounts 2>/dev/null || mount 2>/dev/null | grep -q \"/[.]rowmill-remote/" + name
                + " \"; do i=$((i + 1)); [ $i -lt 100 ] || exit 1; kill -0 $(cat .rowmill-remote/." + name
                + "/sshfs) 2>/dev/null || exit 2; sleep 0.05; done; : >.rowmill-remote/." + name + "/mounted'";
        RemoteResult result = session.run(command, new byte[0], LIMIT);
        if (result.exitCode() != 0) {
            throw fault("sshfs " + (result.exitCode() == 2 ? "ended" : "did not mount") + ": " + said());
        }
    }

    private String said() throws IOException {
        InputStream err = sshfs.err();
        int available = err.available();
        return new String(err.readNBytes(available), StandardCharsets.UTF_8).strip();
    }

    private static NodeFault fault(String why) {
        return new NodeFault(
                ConnectionStep.MOUNT,
                "the project cannot be mounted there: " + why,
                "Try there: sshfs -h, and ls -l /dev/fuse. Tables that touch no files need no mount:"
                        + " --no-remote-mount-needed.");
    }
}
