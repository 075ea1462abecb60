package org.rowmill.producer.cli;

import java.nio.file.Path;
import java.time.Duration;
import org.rowmill.mounter.ssh.HostKeys;
import org.rowmill.mounter.ssh.SshSettings;
import org.rowmill.producer.options.ClusterOptions;
import picocli.CommandLine.Option;

/** How the computers of a cluster file are reached: options that several commands share. */
final class ClusterSettings {

    @Option(
            names = "--connect-timeout",
            paramLabel = "TIME",
            defaultValue = "15s",
            converter = Converters.Time.class,
            description = "for each step of connecting to a node, such as 15s or 2m (default: ${DEFAULT-VALUE})")
    private Duration connectTimeout;

    @Option(
            names = "--host-keys",
            paramLabel = "strict|accept-new|off",
            defaultValue = "accept-new",
            converter = Converters.HostKeyPolicy.class,
            description = "host keys that known_hosts does not have are refused, added to it, or not looked at"
                    + " (default: ${DEFAULT-VALUE})")
    private HostKeys hostKeys;

    @Option(
            names = "--connect",
            paramLabel = "tunnel|direct",
            defaultValue = "tunnel",
            converter = Converters.Connect.class,
            description =
                    "how rows and results travel: in each node's SSH connection, or by TLS from nodes to a port of"
                            + " this computer (default: ${DEFAULT-VALUE})")
    private ClusterOptions.Connect connect;

    @Option(
            names = "--no-remote-mount-needed",
            arity = Flag.ARITY,
            paramLabel = Flag.OFF,
            fallbackValue = Flag.ON,
            description = "the tables touch no files: mount the project nowhere")
    private boolean noRemoteMountNeeded;

    /** Created by picocli. */
    ClusterSettings() {}

    /** The options, with the cluster file. */
    ClusterOptions options(Path csv) {
        ClusterOptions.checkHead(System.getProperty("os.name"));
        Path directory = Path.of(System.getProperty("user.home"), ".ssh");
        return new ClusterOptions(
                csv, new SshSettings(hostKeys, directory, connectTimeout), !noRemoteMountNeeded, connect);
    }
}
