package org.rowmill.mounter.node;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.mounter.sftp.ClientNotices;
import org.rowmill.mounter.sftp.SftpServer;
import org.rowmill.mounter.sftp.SharedDirectory;
import org.rowmill.mounter.sftp.Traffic;
import org.rowmill.mounter.ssh.RemoteProcess;
import org.rowmill.mounter.ssh.RemoteResult;
import org.rowmill.mounter.ssh.SshSession;
import org.rowmill.schemas.Threads;

/**
 * The project directory on a node. An {@code sshfs} there mounts it; its SFTP stream goes through the SSH connection to
 * a server in this JVM, which serves no other directory. {@code agent.sh} ends the mount after the consumer has ended.
 * The end of the session ends the stream.
 */
public final class Mount {

    /**
     * Options of sshfs that every version supports. With {@code slave}, sshfs speaks SFTP on its own standard input and
     * output; newer versions call this option {@code passive}, and accept both words.
     */
    public static final String OPTIONS = "slave,idmap=user,dir_cache=no";

    /**
     * Separates what a login prints from the SFTP stream. When this line arrives, the process id of sshfs is noted on
     * the node.
     */
    private static final String MARK = "@rowmill\n";

    private static final int MAX_LOGIN_BYTES = 1 << 16;
    private static final Duration LIMIT = Duration.ofSeconds(15);

    /** After so many looks, a mount that the list of mounts does not show is looked for in the directory. */
    private static final int LISTED_POLLS = 20;

    private static final int POLLS = 100;

    private final RemoteProcess sshfs;

    private Mount(RemoteProcess sshfs) {
        this.sshfs = sshfs;
    }

    /**
     * Mounts the project.
     *
     * @param name of the mount point, whose state directory the node agent has made
     * @param extraOptions of sshfs that this node's version supports
     * @param traffic counts what the node reads and writes
     * @param watch detects the loss of the mount
     * @param events receives warnings, and what the user should know about the node's requests
     */
    static Mount start(
            SshSession session,
            SharedDirectory project,
            String name,
            List<String> extraOptions,
            Traffic traffic,
            MountWatch watch,
            NodeEvents events)
            throws NodeFault, InterruptedException {
        try {
            Mount mount = new Mount(session.start(command(name, extraOptions)));
            mount.serve(session.address(), project, traffic, watch, events);
            mount.awaitMounted(session, name, events);
            return mount;
        } catch (IOException e) {
            throw fault(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Returns the shell command that starts sshfs. The outer shell stays, and kills the consumer as soon as sshfs ends:
     * rows must not report failures that only the lost mount has caused. No exclamation mark: csh would replace it.
     */
    private static String command(String name, List<String> extraOptions) {
        String options = OPTIONS + (extraOptions.isEmpty() ? "" : ",") + String.join(",", extraOptions);
        String state = ".rowmill-remote/." + name;
        return "exec sh -c 'cd && PATH=$PATH:/usr/local/bin && echo $$ >" + state + "/mounter"
                + " && sh -c \"echo \\$\\$ >" + state + "/sshfs && echo @rowmill && exec sshfs :/ .rowmill-remote/"
                + name + " -o " + options + "\"; code=$?; : >" + state
                + "/lost; { read -r group <" + state + "/consumer && kill -KILL -$group; } 2>/dev/null; exit $code'";
    }

    private void serve(String node, SharedDirectory project, Traffic traffic, MountWatch watch, ClientNotices notices)
            throws IOException {
        InputStream out = new BufferedInputStream(CountedStreams.of(sshfs.out(), traffic), MAX_LOGIN_BYTES);
        skipToMark(out);
        SftpServer server = new SftpServer(project, out, CountedStreams.of(sshfs.in(), traffic), traffic, notices);
        Threads.startDaemon("rowmill-sftp-" + node, () -> watch.serve(server, sshfs.onExit()));
    }

    private static void skipToMark(InputStream out) throws IOException {
        StringBuilder printed = new StringBuilder();
        while (!printed.toString().endsWith(MARK)) {
            int next = out.read();
            if (next < 0 || printed.length() > MAX_LOGIN_BYTES) {
                throw new IOException(
                        "the node's shell answered: " + printed.toString().strip());
            }
            printed.append((char) next);
        }
    }

    private void awaitMounted(SshSession session, String name, NodeEvents events)
            throws NodeFault, IOException, InterruptedException {
        String state = ".rowmill-remote/." + name;
        String command = "exec sh -c 'cd && i=0; until grep -q \"/[.]rowmill-remote/" + name
                + " fuse\" /proc/mounts 2>/dev/null || mount 2>/dev/null | grep -q \"/[.]rowmill-remote/" + name
                + " \"; do i=$((i + 1)); kill -0 $(cat " + state + "/sshfs) 2>/dev/null || exit 2; [ $i -lt "
                + LISTED_POLLS + " ] || { [ \"$(ls -di .rowmill-remote/" + name + ")\" = \"$(cat " + state
                + "/bare)\" ] || { echo unlisted; break; }; }; [ $i -lt " + POLLS
                + " ] || exit 1; sleep 0.05; done; : >"
                + state + "/mounted'";
        RemoteResult result = session.run(command, new byte[0], LIMIT);
        if (result.exitCode() != 0) {
            throw fault("sshfs " + (result.exitCode() == 2 ? "ended" : "did not mount") + ": " + errorOutput());
        }
        if (result.out().contains("unlisted")) {
            events.warned("mount: the list of mounts there does not show the project's, as in some containers; if it is"
                    + " unmounted while sshfs runs, Rowmill does not see it");
        }
    }

    private String errorOutput() throws IOException {
        InputStream err = sshfs.err();
        int available = err.available();
        return new String(err.readNBytes(available), StandardCharsets.UTF_8).strip();
    }

    private static NodeFault fault(String why) {
        return new NodeFault(
                ConnectionStep.MOUNT,
                "the project cannot be mounted there: " + why,
                "Try there: sshfs -h, and ls -l /dev/fuse. If the tables use no files of the project, run with"
                        + " --no-remote-mount-needed.");
    }
}
