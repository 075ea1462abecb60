package org.rowmill.producer.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.rowmill.mounter.ssh.HostKeys;
import org.rowmill.mounter.ssh.SshSettings;
import org.rowmill.producer.options.ClusterOptions;
import org.rowmill.schemas.Times;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How the computers of a cluster file are reached: options that several commands share. */
final class ClusterSettings {

    @Option(
            names = "--connect-timeout",
            paramLabel = "TIME",
            defaultValue = "15s",
            converter = Time.class,
            description = "for each step of connecting to a node, such as 15s or 2m (default: ${DEFAULT-VALUE})")
    private Duration connectTimeout;

    @Option(
            names = "--host-keys",
            paramLabel = "strict|accept-new|off",
            defaultValue = "accept-new",
            converter = Keys.class,
            description = "host keys that known_hosts does not have are refused, added to it, or not looked at"
                    + " (default: ${DEFAULT-VALUE})")
    private HostKeys hostKeys;

    @Option(
            names = "--connect",
            paramLabel = "tunnel|direct",
            defaultValue = "tunnel",
            converter = Way.class,
            description =
                    "how rows and results travel: in each node's SSH connection, or by TLS from nodes to a port of"
                            + " this computer (default: ${DEFAULT-VALUE})")
    private ClusterOptions.Connect connect;

    @Option(
            names = "--no-remote-mount-needed",
            arity = RunCommand.FLAG,
            paramLabel = "false",
            fallbackValue = "true",
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

    /** Reads a time with its unit. */
    static final class Time implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return Times.parse(text)
                    .orElseThrow(
                            () -> new TypeConversionException(Times.EXPECTED + " was expected, not '" + text + "'"));
        }
    }

    /** Reads a policy. */
    static final class Keys implements ITypeConverter<HostKeys> {
        @Override
        public HostKeys convert(String text) {
            return switch (text.strip().toLowerCase(Locale.ROOT)) {
                case "strict" -> HostKeys.STRICT;
                case "accept-new" -> HostKeys.ACCEPT_NEW;
                case "off" -> HostKeys.OFF;
                default ->
                    throw new TypeConversionException("strict, accept-new or off was expected, not '" + text + "'");
            };
        }
    }

    /** Reads a way to the broker. */
    static final class Way implements ITypeConverter<ClusterOptions.Connect> {
        @Override
        public ClusterOptions.Connect convert(String text) {
            return switch (text.strip().toLowerCase(Locale.ROOT)) {
                case "tunnel" -> ClusterOptions.Connect.TUNNEL;
                case "direct" -> ClusterOptions.Connect.DIRECT;
                default -> throw new TypeConversionException("tunnel or direct was expected, not '" + text + "'");
            };
        }
    }
}
