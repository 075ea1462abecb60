package org.rowmill.benchmarks;

import jakarta.jms.JMSException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.rowmill.schemas.WrongInput;

/**
 * Measures how many rows per second the broker passes to a consumer and back, without Rowmill: no tables, keys, Parquet
 * files or accounts. It is the limit with which runs of trivial rows are compared, so messages, transactions,
 * connections and processes are those of such a run: a head with an embedded Artemis, and one consumer process with a
 * slot for each CPU. A row has a body of 35 bytes, its result one of 49 bytes. The head publishes and collects 256 rows
 * in a transaction, with at most 8,192 rows in flight. A slot answers at most 256 rows in a transaction.
 *
 * <p>The consumer has the JVM options of the head that begin with {@code -X}. Use {@code -XX:+UseParallelGC}. On 2 busy
 * cores with JDK 17, a million rows took 36 to 39 s of CPU time of both processes with this option, 37 s with the
 * serial collector, 39 s with G1, and 50 to 54 s with {@code -XX:+UseParallelGC -XX:TieredStopAtLevel=1}. The latter is
 * best for less than about 300,000 rows, because C2 compiles for longer than it saves: 100,000 rows took 6 s with it
 * and 12 s without.
 */
public final class BareLoop {

    private static final int WRONG_INPUT = 2;
    private static final int FAILED = 1;

    private BareLoop() {}

    /**
     * Prints one line: number of rows, seconds from the first row published to the last transaction committed, rows per
     * second, and CPU seconds of head and consumer in this time. The exit code is 1 if a row did not come back once, 2
     * for wrong arguments.
     *
     * @param arguments the number of rows
     */
    public static void main(String[] arguments) {
        System.exit(run(arguments, System.out, System.err));
    }

    /** Does what {@link #main} does. Returns the exit code. */
    static int run(String[] arguments, PrintStream out, PrintStream err) {
        try {
            out.println(measure(rows(arguments)).line());
            return 0;
        } catch (WrongInput e) {
            err.println("error: " + e.getMessage());
            return WRONG_INPUT;
        } catch (Exception e) {
            e.printStackTrace(err);
            return FAILED;
        }
    }

    private static int rows(String[] arguments) {
        String given = arguments.length == 1 ? arguments[0] : String.join(" ", arguments);
        try {
            int rows = Integer.parseInt(given);
            if (rows > 0) {
                return rows;
            }
        } catch (NumberFormatException e) {
            // The message below says what was expected.
        }
        throw new WrongInput("one argument was expected, the number of rows from 1 to " + Integer.MAX_VALUE + ", not \""
                + given + "\". Example: java -cp benchmarks.jar " + BareLoop.class.getName() + " 1000000");
    }

    /**
     * Passes rows to a consumer and back.
     *
     * @param rows number of rows
     * @throws IllegalStateException if a row did not come back, or came back twice
     */
    static LoopTimes measure(int rows)
            throws IOException, JMSException, ExecutionException, InterruptedException, TimeoutException {
        int slots = Runtime.getRuntime().availableProcessors();
        try (BareBroker broker = BareBroker.start();
                ConsumerProcess consumer = ConsumerProcess.start(broker.port(), slots)) {
            consumer.awaitSlots(broker, slots);
            return BareHead.run(broker, consumer, rows);
        }
    }
}
