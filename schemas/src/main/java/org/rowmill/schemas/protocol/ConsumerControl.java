package org.rowmill.schemas.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One command of the head to a running consumer. The head writes commands to the standard input of the consumer, one on
 * each line, after the {@link ConsumerSettings}. If standard input ends without {@link #STOP}, the head has died.
 *
 * @param command what the consumer must do
 * @param rowLimit time limit of a row for {@link Command#LIMIT_ROWS}, zero: no limit; zero for all other commands
 */
public record ConsumerControl(Command command, Duration rowLimit) {

    /**
     * Version of {@link ConsumerSettings}, of these commands and of the messages. Increase it when any of them changes:
     * a consumer rejects the settings of a head that uses another version.
     */
    public static final int PROTOCOL_VERSION = 2;

    /** Finish the rows in progress, take no more, then end. */
    public static final ConsumerControl DRAIN = new ConsumerControl(Command.DRAIN, Duration.ZERO);

    /** End within about a second: the run has ended. */
    public static final ConsumerControl STOP = new ConsumerControl(Command.STOP, Duration.ZERO);

    private static final Pattern LIMIT_ROWS = Pattern.compile(Command.LIMIT_ROWS.word + " (\\d{1,15})");

    /** What a consumer can be commanded to do. */
    public enum Command {
        /** See {@link ConsumerControl#DRAIN}. */
        DRAIN("drain"),
        /** See {@link ConsumerControl#limitRows}. */
        LIMIT_ROWS("limit-rows"),
        /** See {@link ConsumerControl#STOP}. */
        STOP("stop");

        private final String word;

        Command(String word) {
            this.word = word;
        }
    }

    /** Checks that only {@link Command#LIMIT_ROWS} has a time limit. */
    public ConsumerControl {
        Objects.requireNonNull(command);
        if (rowLimit.isNegative() || (command != Command.LIMIT_ROWS && !rowLimit.isZero())) {
            throw new IllegalArgumentException(command + " does not permit the row limit " + rowLimit);
        }
    }

    /**
     * Makes the command that sets the time limit of rows that start from now on.
     *
     * @param limit in whole milliseconds; zero: no limit
     * @return the command
     */
    public static ConsumerControl limitRows(Duration limit) {
        return new ConsumerControl(Command.LIMIT_ROWS, limit);
    }

    /**
     * Encodes the command.
     *
     * @return one line of ASCII text, without its end
     */
    public String line() {
        return command == Command.LIMIT_ROWS ? command.word + " " + rowLimit.toMillis() : command.word;
    }

    /**
     * Writes the command and flushes.
     *
     * @param out standard input of the consumer
     * @throws IOException if the consumer has ended
     */
    public void writeTo(OutputStream out) throws IOException {
        out.write((line() + "\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /**
     * Reads the next command. Waits until there is one.
     *
     * @param in standard input of the consumer
     * @return the command; empty at the end of the input, also if it ends within a line
     * @throws IOException if the input cannot be read, or is not a command
     */
    public static Optional<ConsumerControl> read(InputStream in) throws IOException {
        Optional<String> line = InputLines.next(in);
        return line.isPresent() ? Optional.of(parse(line.get())) : Optional.empty();
    }

    private static ConsumerControl parse(String line) throws IOException {
        for (ConsumerControl plain : List.of(DRAIN, STOP)) {
            if (plain.line().equals(line)) {
                return plain;
            }
        }
        Matcher limit = LIMIT_ROWS.matcher(line);
        if (limit.matches()) {
            return limitRows(Duration.ofMillis(Long.parseLong(limit.group(1))));
        }
        throw new IOException("unknown command \"" + line + "\" on standard input; expected one of: "
                + Command.DRAIN.word + ", " + Command.LIMIT_ROWS.word + " MILLISECONDS, " + Command.STOP.word);
    }
}
