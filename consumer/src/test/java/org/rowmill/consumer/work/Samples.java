package org.rowmill.consumer.work;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.rowmill.table.Column;
import org.rowmill.table.ProcessResult;
import org.rowmill.table.RowContext;
import org.rowmill.table.Table;

/** Tables for tests. Tests that start a process load them like the tables of a project. */
public final class Samples {

    private Samples() {}

    private abstract static class Numbered extends Table<Integer> {
        @Override
        public Stream<Integer> index() {
            return Stream.empty(); // only the head calls this
        }
    }

    /** Each column needs the one before. Counts calls of column methods. */
    public static final class Powers extends Numbered {
        static int calls;

        @Column
        public long square(int index) {
            calls++;
            return (long) index * index;
        }

        @Column
        public long cube(long square, int index) {
            calls++;
            return square * index;
        }

        @Column
        public long sixth(long cube) {
            calls++;
            return cube * cube;
        }
    }

    /** Columns that fail in several ways. */
    public static final class Failing extends Numbered {
        @Column
        public int good(int index) {
            return index;
        }

        @Column
        public int bad(int index) {
            if (index >= 0) {
                throw new IllegalStateException("no " + index);
            }
            return index;
        }

        @Column
        public int needsBad(int bad) {
            return bad;
        }

        @Column
        public int deep(int index) {
            return index < 0 ? 0 : deep(index + 1) + 1;
        }

        @Column
        public BigDecimal tooLong(int index) {
            return BigDecimal.TEN.pow(40);
        }
    }

    /** The constructor throws. */
    public static final class Uninstantiable extends Numbered {
        public Uninstantiable() {
            throw new UnsupportedOperationException("not today");
        }

        @Column
        public int value(int index) {
            return index;
        }
    }

    /** Runs out of memory. */
    public static final class Hungry extends Numbered {
        @Column
        public int value(int index) {
            if (index >= 0) {
                throw new OutOfMemoryError("simulated");
            }
            return index;
        }
    }

    /** Prints and logs. */
    public static final class Chatty extends Numbered {
        @Column
        public int value(int index, RowContext context) throws InterruptedException {
            System.out.println("printed by " + index);
            context.logger().log(System.Logger.Level.WARNING, "logged by {0}", index);
            Thread child = new Thread(() -> System.out.println("child of " + index));
            child.start();
            child.join();
            System.err.print("unfinished by " + index);
            return index;
        }
    }

    /** Never ends. */
    public static final class Stuck extends Numbered {
        @Column
        public int value(int index) {
            System.out.println("begun");
            while (true) {
                Thread.onSpinWait();
            }
        }
    }

    /** Runs programs. */
    public static final class Programs extends Numbered {
        @Column
        public String measured(RowContext context) throws IOException, InterruptedException {
            ProcessResult result = context.run(new ProcessBuilder(
                    "sh", "-c", "echo out; echo err >&2; i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; exit 3"));
            return result.exitCode() + " " + result.output().strip() + " "
                    + result.error().strip() + " " + (result.cpuTime().toMillis() > 0) + " "
                    + (result.wallTime().compareTo(result.cpuTime().dividedBy(2)) > 0);
        }

        /** Starts a program in the background and returns its process id. */
        @Column
        public long left(RowContext context) throws IOException, InterruptedException {
            ProcessResult result = context.run(new ProcessBuilder("sh", "-c", "sleep 1000 >/dev/null 2>&1 & echo $!"));
            return Long.parseLong(result.output().strip());
        }

        /** Writes files to the scratch directory. */
        @Column
        public Path scratch(RowContext context) throws IOException {
            Files.createDirectories(context.scratch().resolve("a/b"));
            Files.writeString(context.scratch().resolve("a/b/c"), "text");
            return context.scratch();
        }
    }

    /** Runs a program that does not end. */
    public static final class Waiting extends Numbered {
        @Column
        public int value(RowContext context) throws IOException, InterruptedException {
            return context.run(
                            new ProcessBuilder("sh", "-c", "echo begun > " + context.scratch() + "/begun; sleep 1000"))
                    .exitCode();
        }
    }

    /** One row of many waits for a file. */
    public static final class Blocking extends Numbered {
        /** One row of so many is long. Before it, slots begin to prefetch. */
        public static final int LONG_ROWS = 12_000;

        /** Name of the file, in the project directory. */
        public static final String GO = "go";

        @Column
        public int value(int index) throws InterruptedException {
            if (index % LONG_ROWS == LONG_ROWS / 2) {
                System.out.println("blocked");
                while (!Files.exists(Path.of(GO))) {
                    Thread.sleep(5);
                }
            }
            return index;
        }
    }

    /** Counts the rows that are computed at once. Rows that should be alone give others some time to begin. */
    public static final class Crowded extends Numbered {
        private static final AtomicInteger ROWS = new AtomicInteger();
        private static final Duration ROW = Duration.ofMillis(5);
        private static final Duration ALONE = Duration.ofMillis(200);

        /** Whether a row should be alone. */
        public static boolean isAlone(int index) {
            return index % 20 == 10;
        }

        @Column
        public int most(int index) {
            long end = System.nanoTime() + (isAlone(index) ? ALONE : ROW).toNanos();
            int most = ROWS.incrementAndGet();
            while (System.nanoTime() < end) {
                most = Math.max(most, ROWS.get());
                Thread.onSpinWait();
            }
            ROWS.decrementAndGet();
            return most;
        }
    }
}
