package org.rowmill.mounter.sftp;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.rowmill.mounter.ssh.ChildJvm;

/** A process that serves a directory on its standard input and output. */
final class ServeDirectory {

    private ServeDirectory() {}

    public static void main(String[] arguments) throws IOException {
        SharedDirectory shared = new SharedDirectory(Path.of(arguments[0]));
        new SftpServer(
                        shared,
                        new FileInputStream(FileDescriptor.in),
                        new FileOutputStream(FileDescriptor.out),
                        new Traffic())
                .serve();
    }

    /** Starts a process. Even if root runs the tests, it has no privilege to ignore permissions. */
    static Process start(Path directory, Map<String, String> environment) throws IOException {
        List<String> command = new ArrayList<>();
        if ((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0) {
            command.addAll(List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all"));
        }
        command.addAll(ChildJvm.command(ServeDirectory.class, directory.toString()));
        return ChildJvm.start(command, environment);
    }
}
