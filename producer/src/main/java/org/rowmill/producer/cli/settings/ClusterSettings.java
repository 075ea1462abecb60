package org.rowmill.producer.cli.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.rowmill.mounter.ssh.HostKeys;
import org.rowmill.mounter.ssh.SshSettings;
import org.rowmill.producer.options.ClusterOptions;
import org.rowmill.schemas.WrongInput;
import picocli.CommandLine.Option;

/** How the head connects to the nodes of a cluster file: options that several commands share. */
public final class ClusterSettings {

    @Option(
            names = "--connect-timeout",
            paramLabel = "TIME",
            defaultValue = "15s",
            converter = Converters.Time.class,
            description =
                    "time limit of each step of connecting to a node, such as 15s or 2m (default: ${DEFAULT-VALUE})")
    private Duration connectTimeout;

    @Option(
            names = "--host-keys",
            paramLabel = "config|strict|accept-new|off",
            defaultValue = "config",
            converter = Converters.HostKeyPolicy.class,
            description =
                    "what to do with a host key that known_hosts does not contain: as StrictHostKeyChecking of the SSH"
                            + " configuration says (if that is not set: add it), reject it, add it, or do not check it"
                            + " (default: ${DEFAULT-VALUE})")
    private HostKeys hostKeys;

    @Option(
            names = "--connect",
            paramLabel = "tunnel|direct",
            defaultValue = "tunnel",
            converter = Converters.Connect.class,
            description = "how nodes connect to the broker: through their SSH connections, or by TLS to a port of this"
                    + " computer (default: ${DEFAULT-VALUE})")
    private ClusterOptions.Connect connect;

    @Option(
            names = "--no-remote-mount-needed",
            arity = Flag.ARITY,
            paramLabel = Flag.OFF,
            fallbackValue = Flag.ON,
            description = "do not mount the project on nodes; for tables that touch no files")
    private boolean noRemoteMountNeeded;

    @Option(
            names = "--mount-writable",
            paramLabel = "PATH",
            split = "\\s*,\\s*",
            splitSynopsisLabel = ",",
            description = "let nodes change these files and directories of the project, which are read-only for them"
                    + " otherwise, such as sources, lib and tables")
    private List<ProjectPath> mountWritable = new ArrayList<>();

    /** Created by picocli. */
    ClusterSettings() {}

    /**
     * Returns the options for a cluster file.
     *
     * @param csv the cluster file
     * @param project the root directory of the project
     * @throws WrongInput if they do not fit to the project or to this computer
     */
    public ClusterOptions options(Path csv, Path project) {
        ClusterOptions.checkHead(System.getProperty("os.name"));
        Path directory = Path.of(System.getProperty("user.home"), ".ssh");
        return new ClusterOptions(
                csv,
                new SshSettings(hostKeys, directory, connectTimeout),
                !noRemoteMountNeeded,
                writable(project),
                connect);
    }

    private List<Path> writable(Path project) {
        Path root = project.toAbsolutePath().normalize();
        return mountWritable.stream()
                .map(path -> root.relativize(checked(root, path.path())))
                .toList();
    }

    private static Path checked(Path root, Path given) {
        Path path = root.resolve(given).normalize();
        if (!path.startsWith(root)) {
            throw new WrongInput("--mount-writable: a path in the project " + root
                    + " was expected, because nodes mount nothing else, but it is " + path);
        }
        return path;
    }
}
