package org.rowmill.mounter.ssh;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.rowmill.mounter.NodeFault;

/** A process that logs in and prints the result, for tests that depend on environment variables. */
final class ConnectOnce {

    private ConnectOnce() {}

    public static void main(String[] arguments) throws InterruptedException {
        SshSettings settings = new SshSettings(HostKeys.ACCEPT_NEW, Path.of(arguments[0]), Duration.ofSeconds(20));
        OptionalInt port = OptionalInt.of(Integer.parseInt(arguments[1]));
        try (SshSession session = SshSession.connect(TestSshd.node("127.0.0.1", port, Optional.empty()), settings)) {
            System.out.println("connected to " + session.address());
        } catch (NodeFault e) {
            System.out.println(e.step() + ": " + e.getMessage());
        }
    }
}
