package org.rowmill.schemas.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.schemas.WrongInput;
import org.rowmill.schemas.cluster.ClusterCsv;
import org.rowmill.schemas.model.ColumnType;
import org.rowmill.schemas.model.ColumnType.Scalar;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.schemas.protocol.ResultMessage.Kind;

/**
 * Reads randomly changed messages and files: each is read, or rejected with the exception that is meant for it.
 * {@code -Dfuzz.seconds=N} sets the duration (5 by default), {@code -Dfuzz.seed=N} the seed. The seed is printed.
 */
@Tag("slow")
class FuzzTest {

    private static final double SECONDS = Double.parseDouble(System.getProperty("fuzz.seconds", "5"));
    private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime());

    private static final List<ColumnType> TYPES = List.of(
            Scalar.BOOLEAN,
            Scalar.INT,
            Scalar.LONG,
            Scalar.FLOAT,
            Scalar.DOUBLE,
            Scalar.STRING,
            Scalar.BYTES,
            Scalar.INSTANT,
            Scalar.DATE,
            Scalar.DURATION,
            Scalar.DECIMAL,
            new ColumnType.ListOf(new ColumnType.ListOf(Scalar.LONG)),
            new ColumnType.MapOf(new ColumnType.ListOf(Scalar.STRING)));

    @TempDir
    private Path directory;

    private interface Input {
        void read(byte[] bytes) throws IOException;
    }

    private static void fuzz(String name, List<byte[]> good, Input input) throws IOException {
        Random random = new Random(SEED);
        long end = System.nanoTime() + (long) (SECONDS * Duration.ofSeconds(1).toNanos());
        long read = 0;
        long rejected = 0;
        long times = 0;
        while (System.nanoTime() < end) {
            byte[] bytes = changed(good.get(random.nextInt(good.size())), random);
            try {
                input.read(bytes);
                read++;
            } catch (IOException | WrongInput e) {
                rejected++;
            } catch (RuntimeException | Error e) {
                throw new AssertionError(
                        name + ", fuzz.seed " + SEED + ", time " + times + ": " + Arrays.toString(bytes), e);
            }
            times++;
        }
        System.out.println("fuzz " + name + ": seed " + SEED + ", " + times + " inputs, " + read + " of them read");
        assertThat(times).isEqualTo(read + rejected).isGreaterThan(100);
    }

    /** Changes, removes or repeats some bytes, or replaces them by the code of a large length. */
    private static byte[] changed(byte[] good, Random random) {
        byte[] bytes = good.clone();
        for (int i = random.nextInt(6); i >= 0 && bytes.length > 0; i--) {
            int at = random.nextInt(bytes.length);
            int length = Math.min(bytes.length - at, 1 + random.nextInt(9));
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = Arrays.copyOf(bytes, at);
                case 3 -> Arrays.fill(bytes, at, at + length, (byte) (random.nextBoolean() ? 0xff : 0x9f));
                default -> {
                    byte[] longer = Arrays.copyOf(bytes, bytes.length + length);
                    System.arraycopy(bytes, at, longer, at + length, bytes.length - at);
                    bytes = longer;
                }
            }
        }
        return bytes;
    }

    private static TableSchema schema() {
        List<TableSchema.ColumnField> columns = TYPES.stream()
                .map(type -> new TableSchema.ColumnField("c" + TYPES.indexOf(type), type, 1, "abc"))
                .toList();
        return new TableSchema("T", List.of(new TableSchema.IndexField("index", Scalar.STRING)), columns);
    }

    private static Map<Integer, Object> values() {
        List<Object> values = List.of(
                true,
                7,
                -7L,
                1.5f,
                2.5,
                "text",
                new byte[] {1, 2},
                Instant.EPOCH,
                LocalDate.EPOCH,
                Duration.ofSeconds(3),
                BigDecimal.ONE.setScale(ColumnType.DECIMAL_SCALE),
                List.of(List.of(1L, 2L), List.of()),
                Map.of("key", List.of("a", "b")));
        Map<Integer, Object> byColumn = new HashMap<>();
        for (int i = 0; i < values.size(); i++) {
            byColumn.put(i, values.get(i));
        }
        return byColumn;
    }

    @Test
    void resultsAreReadOrRejected() throws IOException {
        MessageCodec codec = new MessageCodec("r1", List.of(schema()));
        ResultMessage.Failure failure = new ResultMessage.Failure("c1", "E", "message", "at x", true);
        List<byte[]> good = List.of(
                codec.encode(new ResultMessage(0, 5, -99, 1, "n", 1, Kind.COMPUTED, Map.copyOf(values()), List.of())),
                codec.encode(
                        new ResultMessage(0, 5, 99, 2, "n", 1, Kind.COMPUTED, Map.of(), List.of(failure, failure))),
                codec.encode(new ResultMessage(0, 5, 99, 1, "n", 0, Kind.REDELIVERED, Map.of(), List.of())));

        fuzz("results", good, codec::decodeResult);
    }

    @Test
    void rowsAreReadOrRejected() throws IOException {
        MessageCodec codec = new MessageCodec("r1", List.of(schema()));
        List<byte[]> good = List.of(
                codec.encode(new RowMessage(0, 5, 99, 1, true, List.of("index"), List.of(1, 2), Map.copyOf(values()))));

        fuzz("rows", good, codec::decodeRow);
    }

    @Test
    void heartbeatsAreReadOrRejected() throws IOException {
        fuzz(
                "heartbeats",
                List.of(new Heartbeat("node", 1, 2, List.of(7L), 5, 7, 900, 1 << 30).encode()),
                Heartbeat::decode);
    }

    @Test
    void clusterFilesAreReadOrRejected() throws IOException {
        Path file = directory.resolve("cluster.csv");
        byte[] good = ("address,ssh_user,ssh_port,local_ssh_file,cpu_limit,scratch,labels\n"
                        + "# a comment\n10.0.0.7,anna,2222,~/.ssh/key,8,\"/tmp/a \"\"b\"\"\",\"x y\"\nnode2,,,,,,\n")
                .getBytes(StandardCharsets.UTF_8);

        fuzz("cluster files", List.of(good), bytes -> {
            Files.write(file, bytes);
            ClusterCsv.read(file);
        });
    }
}
