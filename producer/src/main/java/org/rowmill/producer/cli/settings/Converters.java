package org.rowmill.producer.cli.settings;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.rowmill.mounter.ssh.HostKeys;
import org.rowmill.producer.options.ChangedCode;
import org.rowmill.producer.options.ChangedInputs;
import org.rowmill.producer.options.ClusterOptions;
import org.rowmill.producer.options.MaxFailures;
import org.rowmill.producer.options.RemovedRows;
import org.rowmill.producer.options.RowTimeout;
import org.rowmill.schemas.Times;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converters of option values. Each rejects a value with what was expected and what came. */
final class Converters {

    private Converters() {}

    private static TypeConversionException expected(String expected, String text) {
        return new TypeConversionException("expected " + expected + ", not '" + text + "'");
    }

    /** Reads a time with its unit. */
    static final class Time implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return Times.parse(text).orElseThrow(() -> expected(Times.EXPECTED, text));
        }
    }

    /** Reads {@code yes} or {@code no}. */
    static final class YesNo implements ITypeConverter<Boolean> {
        @Override
        public Boolean convert(String text) {
            return switch (text) {
                case "yes", "true" -> true;
                case "no", "false" -> false;
                default -> throw expected("yes or no", text);
            };
        }
    }

    /** Reads a number of bytes with its unit. */
    static final class Size implements ITypeConverter<Long> {
        private static final Pattern SIZE = Pattern.compile("(\\d{1,9})([kmgt])b?", Pattern.CASE_INSENSITIVE);

        @Override
        public Long convert(String text) {
            Matcher size = SIZE.matcher(text.strip());
            if (!size.matches() || Long.parseLong(size.group(1)) == 0) {
                throw expected("a size such as 500m or 4g", text);
            }
            int power = "kmgt".indexOf(size.group(2).toLowerCase(Locale.ROOT)) + 1;
            return Long.parseLong(size.group(1)) << (10 * power);
        }
    }

    /** Reads a time limit of rows. */
    static final class Timeout implements ITypeConverter<RowTimeout> {
        @Override
        public RowTimeout convert(String text) {
            return RowTimeout.parse(text).orElseThrow(() -> expected(Times.EXPECTED + ", auto or none", text));
        }
    }

    /** Reads a count or a percentage of failed rows. */
    static final class FailureLimit implements ITypeConverter<MaxFailures> {
        @Override
        public MaxFailures convert(String text) {
            try {
                return MaxFailures.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage() + ", not '" + text + "'");
            }
        }
    }

    /** Reads the policy for host keys. */
    static final class HostKeyPolicy implements ITypeConverter<HostKeys> {
        @Override
        public HostKeys convert(String text) {
            return switch (text.strip().toLowerCase(Locale.ROOT)) {
                case "config" -> HostKeys.CONFIGURED;
                case "strict" -> HostKeys.STRICT;
                case "accept-new" -> HostKeys.ACCEPT_NEW;
                case "off" -> HostKeys.OFF;
                default -> throw expected("config, strict, accept-new or off", text);
            };
        }
    }

    /** Reads how nodes connect to the broker. */
    static final class Connect implements ITypeConverter<ClusterOptions.Connect> {
        @Override
        public ClusterOptions.Connect convert(String text) {
            return switch (text.strip().toLowerCase(Locale.ROOT)) {
                case "tunnel" -> ClusterOptions.Connect.TUNNEL;
                case "direct" -> ClusterOptions.Connect.DIRECT;
                default -> throw expected("tunnel or direct", text);
            };
        }
    }

    /** Reads what to do about changed code. */
    static final class ChangedCodeConverter implements ITypeConverter<ChangedCode> {
        @Override
        public ChangedCode convert(String text) {
            return switch (text.strip().toLowerCase(Locale.ROOT)) {
                case "warn" -> ChangedCode.WARN;
                case "recompute" -> ChangedCode.RECOMPUTE;
                case "refuse" -> ChangedCode.REFUSE;
                default -> throw expected("warn, recompute or refuse", text);
            };
        }
    }

    /** Reads what to do about changed inputs. */
    static final class ChangedInputsConverter implements ITypeConverter<ChangedInputs> {
        @Override
        public ChangedInputs convert(String text) {
            return switch (text.strip().toLowerCase(Locale.ROOT)) {
                case "ignore" -> ChangedInputs.IGNORE;
                case "warn" -> ChangedInputs.WARN;
                case "recompute" -> ChangedInputs.RECOMPUTE;
                default -> throw expected("ignore, warn or recompute", text);
            };
        }
    }

    /** Reads what to do about removed rows. */
    static final class RemovedRowsConverter implements ITypeConverter<RemovedRows> {
        @Override
        public RemovedRows convert(String text) {
            return switch (text.strip().toLowerCase(Locale.ROOT)) {
                case "keep" -> RemovedRows.KEEP;
                case "hide" -> RemovedRows.HIDE;
                case "delete" -> RemovedRows.DELETE;
                default -> throw expected("keep, hide or delete", text);
            };
        }
    }

    /** Reads an address of this computer. */
    static final class LocalAddress implements ITypeConverter<InetAddress> {
        @Override
        public InetAddress convert(String text) {
            try {
                InetAddress address = InetAddress.getByName(text.strip());
                if (address.isAnyLocalAddress() || NetworkInterface.getByInetAddress(address) != null) {
                    return address;
                }
            } catch (UnknownHostException | SocketException e) {
                // rejected below, like the address of another computer
            }
            throw expected("an address of this computer", text);
        }
    }
}
