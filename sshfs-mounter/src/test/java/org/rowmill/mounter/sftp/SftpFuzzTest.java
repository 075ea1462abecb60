package org.rowmill.mounter.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sends random requests that no sshfs sends. The server answers or ends, and changes nothing outside. The options are
 * {@code -Dfuzz.seconds=N} (default: 5) and {@code -Dfuzz.seed=N} (default: the time). The test prints its seed.
 */
@Tag("slow")
class SftpFuzzTest {

    private static final double SECONDS = Double.parseDouble(System.getProperty("fuzz.seconds", "5"));
    private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime());
    private static final int PACKETS = 20;
    private static final String[] PATHS = {
        "/file",
        "/sub",
        "/../outside",
        "..",
        "/sub/../../outside",
        "/link/secret",
        "/",
        "",
        "/new\u0000",
        "/.",
        "/%s$(x)"
    };

    @TempDir
    private Path directory;

    private static byte[] session(Random random) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        packet(out, 1, new byte[] {0, 0, 0, 3}, random);
        for (int i = 0; i < PACKETS; i++) {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            DataOutputStream fields = new DataOutputStream(content);
            fields.writeInt(random.nextInt(100));
            for (int field = random.nextInt(4); field >= 0; field--) {
                field(fields, random);
            }
            packet(out, 3 + random.nextInt(18), content.toByteArray(), random);
        }
        return bytes.toByteArray();
    }

    private static void field(DataOutputStream fields, Random random) throws IOException {
        switch (random.nextInt(4)) {
            case 0 -> {
                byte[] path = PATHS[random.nextInt(PATHS.length)].getBytes(StandardCharsets.UTF_8);
                fields.writeInt(path.length);
                fields.write(path);
            }
            case 1 -> fields.writeInt(random.nextInt(64));
            case 2 -> fields.writeLong(random.nextLong() >> random.nextInt(64));
            default -> { // possibly a valid handle
                fields.writeInt(4);
                fields.writeInt(random.nextInt(4));
            }
        }
    }

    private static void packet(DataOutputStream out, int type, byte[] content, Random random) throws IOException {
        boolean isWrong = random.nextInt(PACKETS * 2) == 0;
        out.writeInt(isWrong ? random.nextInt() : content.length + 1);
        out.writeByte(isWrong ? random.nextInt() : type);
        out.write(content);
    }

    private static void fill(Path root, Path outside) throws IOException {
        Files.createDirectories(root.resolve("sub"));
        Files.writeString(root.resolve("file"), "text");
        Files.createDirectories(outside);
        Files.writeString(outside.resolve("secret"), "secret");
        Files.createSymbolicLink(root.resolve("link"), outside);
    }

    private static String listing(Path below) throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> all = Files.walk(below)) {
            for (Path path : all.sorted().toList()) {
                text.append(path)
                        .append(Files.isRegularFile(path) ? Files.readString(path) : "/")
                        .append('\n');
            }
        }
        return text.toString();
    }

    @Test
    void randomRequestsChangeNothingOutside() throws IOException {
        Path outside = directory.resolve("outside");
        Random random = new Random(SEED);
        long end = System.nanoTime() + (long) (SECONDS * Duration.ofSeconds(1).toNanos());
        long sessions = 0;
        while (System.nanoTime() < end) {
            Path root = directory.resolve("root" + sessions);
            fill(root, outside.resolve("n" + sessions));
            String before = listing(outside);
            byte[] requests = session(random);
            try {
                new SftpServer(
                                new SharedDirectory(root, Set.of()),
                                new ByteArrayInputStream(requests),
                                OutputStream.nullOutputStream(),
                                new Traffic())
                        .serve();
            } catch (RuntimeException | Error e) {
                throw new AssertionError("fuzz.seed " + SEED + ", session " + sessions, e);
            }
            assertThat(listing(outside))
                    .as("fuzz.seed %d, session %d", SEED, sessions)
                    .isEqualTo(before);
            assertThat(directory.toFile().list()).as("beside the root").hasSize((int) sessions + 2);
            sessions++;
        }
        System.out.println("fuzz SFTP: seed " + SEED + ", " + sessions + " sessions of " + PACKETS + " requests");
        assertThat(sessions).isGreaterThan(20);
    }
}
