package org.rowmill.producer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.rowmill.mounter.HostKeys;
import org.rowmill.mounter.SshSettings;
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
        Path directory = Path.of(System.getProperty("user.home"), ".ssh");
        return new ClusterOptions(csv, new SshSettings(hostKeys, directory, connectTimeout), !noRemoteMountNeeded);
    }

    /** Reads a time with its unit. */
    static final class Time implements ITypeConverter<Duration> {
        private static final Pattern TIME = Pattern.compile("(\\d{1,6})(ms|s|m|h)");

        @Override
        public Duration convert(String text) {
            Matcher time = TIME.matcher(text.strip());
            if (!time.matches() || Long.parseLong(time.group(1)) == 0) {
                throw new TypeConversionException("a time such as 15s, 500ms or 2m was expected, not '" + text + "'");
            }
            long number = Long.parseLong(time.group(1));
            return switch (time.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                default -> Duration.ofHours(number);
            };
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
}
