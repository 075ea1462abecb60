import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.rowmill.mounter.sftp.SftpServer;
import org.rowmill.mounter.sftp.SharedDirectory;
import org.rowmill.mounter.sftp.Traffic;
import org.rowmill.mounter.ssh.HostKeys;
import org.rowmill.mounter.ssh.RemoteProcess;
import org.rowmill.mounter.ssh.SshSession;
import org.rowmill.mounter.ssh.SshSettings;
import org.rowmill.schemas.cluster.ClusterNode;

/**
 * Serves a directory on the standard streams. With more arguments (port, directory of the keys, mount point), serves it
 * to an sshfs that it starts over SSH.
 */
public class Serve {
    public static void main(String[] arguments) throws Exception {
        SharedDirectory shared = new SharedDirectory(Path.of(arguments[0]));
        if (arguments.length == 1) {
            FileInputStream in = new FileInputStream(FileDescriptor.in);
            FileOutputStream out = new FileOutputStream(FileDescriptor.out);
            new SftpServer(shared, in, out, new Traffic()).serve();
            return;
        }
        int port = Integer.parseInt(arguments[1]);
        ClusterNode node = new ClusterNode(
                "127.0.0.1",
                Optional.empty(),
                OptionalInt.of(port),
                Optional.empty(),
                0,
                Optional.empty(),
                List.of(),
                1);
        SshSettings settings = new SshSettings(HostKeys.ACCEPT_NEW, Path.of(arguments[2]), Duration.ofSeconds(20));
        String command = "exec sshfs :/ '" + arguments[3] + "' -o slave,idmap=user,dir_cache=no";
        try (SshSession session = SshSession.connect(node, settings);
                RemoteProcess sshfs = session.start(command)) {
            new SftpServer(shared, new BufferedInputStream(sshfs.out(), 1 << 16), sshfs.in(), new Traffic()).serve();
        }
    }
}
