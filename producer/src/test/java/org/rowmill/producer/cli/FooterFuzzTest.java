package org.rowmill.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.producer.console.ExitCode;
import org.rowmill.schemas.WrongInput;
import org.rowmill.store.Stores;
import org.rowmill.store.parts.Part;

/**
 * Reads files with random changes. Each is read, or rejected as wrong input. {@code -Dfuzz.seconds=N} sets the time for
 * each kind of file (default: 5), and {@code -Dfuzz.seed=N} the seed (default: the time), which the test prints.
 */
@Tag("slow")
class FooterFuzzTest {

    private static final double SECONDS = Double.parseDouble(System.getProperty("fuzz.seconds", "5"));
    private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime());
    private static final int FOOTER_LENGTH = 8;

    @TempDir
    private Path directory;

    private interface Input {
        void read(Path file) throws IOException;
    }

    private void fuzz(String name, byte[] good, int from, Input input) throws IOException {
        Random random = new Random(SEED);
        Path file = directory.resolve(name);
        long end = System.nanoTime() + (long) (SECONDS * Duration.ofSeconds(1).toNanos());
        long times = 0;
        long read = 0;
        long rejected = 0;
        while (System.nanoTime() < end) {
            byte[] bytes = good.clone();
            for (int i = random.nextInt(5); i >= 0; i--) {
                int at = from + random.nextInt(bytes.length - from);
                bytes[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : bytes[at] ^ 1 << random.nextInt(8));
            }
            Files.write(file, random.nextInt(8) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes);
            try {
                input.read(file);
                read++;
            } catch (IOException | WrongInput e) {
                rejected++;
            } catch (RuntimeException | Error e) {
                throw new AssertionError(name + ", fuzz.seed " + SEED + ", time " + times, e);
            }
            times++;
        }
        System.out.println("fuzz " + name + ": seed " + SEED + ", " + times + " times, " + read + " of them read");
        assertThat(times).isEqualTo(read + rejected).isGreaterThan(5);
    }

    @Test
    void footersAreReadOrRejected() throws IOException {
        Path table = directory.resolve("table");
        Stores.publish(table, Stores.longs("a", "b"), Stores.PLAIN, 0, 10, 1);
        byte[] good = Files.readAllBytes(table.resolve("part-00000001-run1.parquet"));
        int end = good.length - FOOTER_LENGTH;
        int footer = ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getInt(end);

        fuzz("part-00000001-run1.parquet", good, end - footer, Part::read);
    }

    @Test
    void propertiesAreReadOrRejected() throws IOException {
        byte[] good = "port=11000\nport-count = 500\ncpu-limit: 2\n# a comment\nretries=\\u0033\nmax-failures=5%\n"
                .getBytes(StandardCharsets.UTF_8);

        fuzz(Settings.FILE, good, 0, file -> {
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            PrintStream out = new PrintStream(output, true, StandardCharsets.UTF_8);
            int exitCode = new Producer(out, out, Map.of()).execute("run", directory.toString(), "--dry-run");
            assertThat(exitCode)
                    .as(output.toString(StandardCharsets.UTF_8))
                    .isEqualTo(ExitCode.WRONG_INPUT); // there is no table
        });
    }
}
