package org.rowmill.mounter.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rowmill.mounter.sftp.SftpClient.fields;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hostile client: no request reads or changes anything outside the shared directory. */
class SftpConfinementTest {

    private static final String SECRET = "the secret outside";
    private static final long SEED = 20260105;
    private static final int RANDOM_REQUESTS = 100_000;
    private static final int RACES = 3_000;
    private static final Path OPENSSH_SERVER = Path.of("/usr/lib/openssh/sftp-server");

    @TempDir
    Path directory;

    private Path root;
    private Path outside;
    private ServedClient served;
    private SftpClient client;
    private String before = "";

    @BeforeEach
    void connect() throws IOException {
        root = Files.createDirectory(directory.resolve("project"));
        outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("secret"), SECRET);
        Files.createDirectories(outside.resolve("empty"));
        Files.createDirectories(root.resolve("inner/deep"));
        Files.writeString(root.resolve("inner/file"), "inside");
        served = new ServedClient(new SharedDirectory(root));
        client = served.client();
        before = listing(outside);
    }

    @AfterEach
    void nothingOutsideIsChanged() throws IOException {
        served.close();
        assertThat(listing(outside)).isEqualTo(before);
        try (Stream<Path> all = Files.list(directory)) {
            assertThat(all.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder("project", "outside");
        }
    }

    private static String listing(Path top) throws IOException {
        TreeMap<String, String> all = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(top)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                String content = Files.isRegularFile(path) ? Files.readString(path) : "";
                all.put(top.relativize(path).toString(), Files.getAttribute(path, "unix:mode") + " " + content);
            }
        }
        return all.toString();
    }

    /** Returns paths that lead outside, after {@link #makeLinks}. */
    private List<String> pathsOutside() {
        return List.of(
                outside.resolve("secret").toString(),
                "/" + outside.resolve("secret"),
                "../outside/secret",
                "/../outside/secret",
                "inner/../../outside/secret",
                "inner/deep/../../../outside/secret",
                "./.././outside/secret",
                "link",
                "dir/secret",
                "inner/updir/outside/secret",
                "inner/file/../../../outside/secret");
    }

    private void makeLinks() throws IOException {
        client.ask(
                SftpClient.SYMLINK,
                fields().text(outside.resolve("secret").toString()).text("link"));
        client.ask(SftpClient.SYMLINK, fields().text(outside.toString()).text("dir"));
        client.ask(SftpClient.SYMLINK, fields().text("../..").text("inner/updir"));
        assertThat(Files.isSymbolicLink(root.resolve("link"))).isTrue();
        assertThat(Files.readString(root.resolve("link")))
                .as("a local program follows it")
                .isEqualTo(SECRET);
    }

    @Test
    void noPathAndNoLinkReadsAFileOutside() throws IOException {
        makeLinks();

        for (String path : pathsOutside()) {
            assertThat(client.open(path, SftpClient.FLAG_READ).isOk()).as(path).isFalse();
            assertThat(client.ask(SftpClient.OPENDIR, path).isOk()).as(path).isFalse();
            SftpClient.Reply stat = client.ask(SftpClient.STAT, path);
            assertThat(stat.type() == 105 && stat.attributes().size() == SECRET.length())
                    .as(path)
                    .isFalse();
        }
        assertThat(client.ask(SftpClient.OPENDIR, "dir").isOk()).isFalse();
    }

    @Test
    void noPathAndNoLinkChangesAFileOutside() throws IOException {
        makeLinks();

        for (String path : pathsOutside()) {
            client.open(path, SftpClient.FLAG_WRITE | SftpClient.FLAG_TRUNCATE);
            client.open(path + "-new", SftpClient.FLAG_WRITE | SftpClient.FLAG_CREATE);
            client.ask(SftpClient.MKDIR, fields().text(path + "-made").number(0));
            client.ask(SftpClient.SETSTAT, fields().text(path).number(4).number(0777));
            client.ask(SftpClient.SETSTAT, fields().text(path).number(1).number(0L));
            client.extended(SftpClient.HARDLINK, path, "stolen");
            client.extended(SftpClient.HARDLINK, "inner/file", path + "-linked");
            client.extended(SftpClient.POSIX_RENAME, "inner/file", path);
            client.ask(SftpClient.SYMLINK, fields().text("x").text(path + "-symlink"));
            if (!path.equals("link")) {
                client.ask(SftpClient.RENAME, fields().text(path).text("taken"));
                client.ask(SftpClient.REMOVE, path);
            }
            Files.writeString(root.resolve("inner/file"), "inside");
        }
        client.ask(SftpClient.RMDIR, "dir/empty");
        assertThat(root.resolve("stolen")).satisfies(stolen -> {
            if (Files.isRegularFile(stolen)) {
                assertThat(Files.readString(stolen)).isNotEqualTo(SECRET);
            }
        });
    }

    @Test
    @Tag("slow")
    void aDirectoryThatBecomesALinkDuringARequestLeadsNowhere() throws Exception {
        Path swapped = Files.createDirectory(root.resolve("swapped"));
        Files.writeString(swapped.resolve("secret"), "harmless");
        Process swapping = swap(swapped, Files.createSymbolicLink(root.resolve("evil"), outside));
        int opens = 0;
        try {
            for (int i = 0; i < RACES; i++) {
                opens += readHarmless("swapped/secret") ? 1 : 0;
                client.extended(SftpClient.HARDLINK, "swapped/secret", "second");
                readHarmless("second");
                client.ask(SftpClient.REMOVE, "second");
                client.ask(SftpClient.RENAME, fields().text("swapped/secret").text("taken"));
                readHarmless("taken");
                client.ask(SftpClient.RENAME, fields().text("taken").text("swapped/secret"));
                client.open("swapped/made-" + i, SftpClient.FLAG_WRITE | SftpClient.FLAG_CREATE);
                client.ask(
                        SftpClient.SETSTAT,
                        fields().text("swapped/secret").number(4).number(0600));
                client.ask(SftpClient.REMOVE, "swapped/made-" + i);
            }
            assertThat(swapping.isAlive())
                    .as("the names were exchanged all the time")
                    .isTrue();
        } finally {
            swapping.destroyForcibly().waitFor();
        }
        assertThat(opens).as("opens while the name was the directory").isBetween(1, RACES - 1);
    }

    /** Reads a file and checks its content. Returns whether it could be opened. */
    private boolean readHarmless(String path) throws IOException {
        SftpClient.Reply opened = client.open(path, SftpClient.FLAG_READ);
        if (opened.type() != 102) {
            return false;
        }
        byte[] handle = opened.text();
        SftpClient.Reply read = client.read(handle, 0, 100);
        assertThat(new String(read.text(), StandardCharsets.UTF_8)).isEqualTo("harmless");
        client.close(handle);
        return true;
    }

    /**
     * Exchanges a directory and a link all the time, as a program on the head may. It needs RENAME_EXCHANGE, which Java
     * does not offer: with several renames the name would be missing for a moment, and the race would not be provoked.
     */
    private static Process swap(Path directory, Path link) throws IOException {
        String script = """
            import ctypes, sys
            rename = ctypes.CDLL(None, use_errno=True).renameat2
            one, other = sys.argv[1].encode(), sys.argv[2].encode()
            while rename(-100, one, -100, other, 2) == 0:
                pass
            sys.exit("renameat2: error %d" % ctypes.get_errno())
            """;
        return new ProcessBuilder("python3", "-c", script, directory.toString(), link.toString())
                .inheritIO()
                .start();
    }

    @Test
    @Tag("slow")
    void aHundredThousandRandomRequestsStayInside() throws IOException {
        makeLinks();
        Random random = new Random(SEED);
        List<String> names = new ArrayList<>(pathsOutside());
        names.addAll(List.of("a", "b", "inner", "inner/file", "inner/deep", "dir", "inner/updir", ".", "..", "", "/"));
        int[] types = {3, 7, 9, 11, 13, 14, 15, 16, 17, 18, 19, 20};
        for (int i = 0; i < RANDOM_REQUESTS; i++) {
            String one = names.get(random.nextInt(names.size()));
            String other = names.get(random.nextInt(names.size()));
            int type = types[random.nextInt(types.length)];
            SftpClient.Fields request = fields().text(one);
            switch (type) {
                case SftpClient.OPEN -> request.number(random.nextInt(64)).number(0);
                case SftpClient.SETSTAT -> request.number(1).number((long) random.nextInt(100));
                case SftpClient.MKDIR -> request.number(0);
                case SftpClient.RENAME, SftpClient.SYMLINK -> request.text(other);
                default -> request.number(random.nextInt());
            }
            SftpClient.Reply reply = random.nextInt(10) == 0
                    ? client.extended(random.nextBoolean() ? SftpClient.POSIX_RENAME : SftpClient.HARDLINK, one, other)
                    : client.ask(type, request);
            if (reply.type() == 102) {
                byte[] handle = reply.text();
                if (random.nextBoolean()) {
                    SftpClient.Reply read = client.read(handle, 0, 100);
                    if (read.type() == 103) {
                        assertThat(new String(read.text(), StandardCharsets.UTF_8))
                                .as("request %d, seed %d", i, SEED)
                                .isNotEqualTo(SECRET);
                    }
                } else {
                    client.write(handle, 0, "overwritten".getBytes(StandardCharsets.UTF_8));
                }
                client.close(handle);
            }
        }
        assertThat(listing(outside)).as("seed %d", SEED).isEqualTo(before);
    }

    /** Shows that the requests of these tests read files outside if the server is not confined. */
    @Test
    @Tag("slow")
    void opensshsServerServesTheWholeAccount() throws Exception {
        Process server = new ProcessBuilder(OPENSSH_SERVER.toString())
                .directory(root.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (SftpClient unconfined = new SftpClient(server.getInputStream(), server.getOutputStream())) {
            unconfined.init();

            assertThat(unconfined.readAll(outside.resolve("secret").toString())).isEqualTo(SECRET);
            assertThat(unconfined.readAll("../outside/secret")).isEqualTo(SECRET);
        } finally {
            server.destroy();
            server.waitFor();
        }
    }
}
