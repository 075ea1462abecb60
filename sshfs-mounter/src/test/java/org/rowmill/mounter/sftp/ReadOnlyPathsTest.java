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
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A hostile client changes nothing that the head executes or trusts, and an ordinary one can write everywhere else. */
class ReadOnlyPathsTest {

    private static final long SEED = 20261129;
    private static final int RANDOM_REQUESTS = 20_000;
    private static final List<Path> TRUSTED = Stream.of(
                    ".git",
                    "lib",
                    "rowmill.properties",
                    "tables",
                    "src/main/resources",
                    "target/classes",
                    "out/results")
            .map(Path::of)
            .toList();

    @TempDir
    Path directory;

    private Path root;
    private ServedClient served;
    private SftpClient client;
    private final List<String> refused = new ArrayList<>();
    private final List<String> outside = new ArrayList<>();

    @BeforeEach
    void makeProject() throws IOException {
        root = Files.createDirectories(directory.resolve("project"));
        for (String file : List.of(
                "Sums.java",
                "pkg/deep/Helper.java",
                "lib/tool.jar",
                "lib/native/tool.so",
                "rowmill.properties",
                "tables/Sums/part-1.parquet",
                "src/main/resources/model.txt",
                "target/classes/Sums.class",
                "target/sums.jar",
                "out/results/Sums/part-1.parquet",
                ".git/hooks/pre-commit")) {
            make(file, "trusted");
        }
        make("data/input.csv", "data");
        make("data/sub/more.csv", "data");
        serve(ReadOnlyPaths.ofProject(root, TRUSTED, List.of()));
    }

    private void make(String file, String content) throws IOException {
        Files.createDirectories(root.resolve(file).getParent());
        Files.writeString(root.resolve(file), content);
    }

    private void serve(ReadOnlyPaths readOnly) throws IOException {
        disconnect();
        served = new ServedClient(new SharedDirectory(root, java.util.Set.of(".rowmill"), readOnly), notices());
        client = served.client();
    }

    private ClientNotices notices() {
        return new ClientNotices() {
            @Override
            public void changeRefused(String path) {
                refused.add(path);
            }

            @Override
            public void linkLeadsOutside(String link, String target) {
                outside.add(link + " -> " + target);
            }
        };
    }

    @AfterEach
    void disconnect() throws IOException {
        if (served != null) {
            served.close();
        }
    }

    private static final int WRITE_FLAGS = SftpClient.FLAG_WRITE | SftpClient.FLAG_CREATE | SftpClient.FLAG_TRUNCATE;

    /** Returns names and contents of everything that must not change. */
    private String trusted() throws IOException {
        TreeMap<String, String> all = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                String name = root.relativize(path).toString();
                boolean isData = name.isEmpty() || name.startsWith("data") || name.startsWith("free");
                if (!isData && (Files.isRegularFile(path) || Files.isSymbolicLink(path))) {
                    all.put(name, Files.getAttribute(path, "unix:mode") + " " + Files.readString(path));
                }
                if (name.endsWith(".java")) {
                    all.put("source " + name, "");
                }
            }
        }
        return all.toString();
    }

    private void denied(SftpClient.Reply reply, String what) {
        assertThat(reply.status()).as(what).isEqualTo(SftpClient.DENIED);
    }

    private SftpClient.Reply rename(String from, String to) throws IOException {
        return client.extended(SftpClient.POSIX_RENAME, from, to);
    }

    private SftpClient.Reply link(String target, String link) throws IOException {
        return client.ask(SftpClient.SYMLINK, fields().text(target).text(link));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sums.java",
                "pkg/deep/Helper.java",
                "lib/tool.jar",
                "lib/native/tool.so",
                "rowmill.properties",
                "tables/Sums/part-1.parquet",
                "src/main/resources/model.txt",
                "target/classes/Sums.class",
                "target/sums.jar",
                "out/results/Sums/part-1.parquet",
                ".git/hooks/pre-commit"
            })
    void aTrustedFileCanBeReadButNotChangedInAnyWay(String file) throws IOException {
        String before = trusted();

        assertThat(client.readAll(file)).isEqualTo("trusted");
        for (int flags : new int[] {2, 3, 6, 4, 2 | 8, 2 | 16, 2 | 8 | 16, 1 | 8}) {
            denied(client.open(file, flags), "open " + flags);
        }
        denied(client.ask(SftpClient.SETSTAT, fields().text(file).number(1).number(0L)), "truncate");
        denied(client.ask(SftpClient.SETSTAT, fields().text(file).number(4).number(0777)), "chmod");
        denied(
                client.ask(
                        SftpClient.SETSTAT,
                        fields().text(file).number(8).number(1).number(1)),
                "touch");
        byte[] handle = client.mustOpen(file, SftpClient.FLAG_READ);
        denied(client.ask(SftpClient.FSETSTAT, fields().text(handle).number(4).number(0777)), "fchmod");
        denied(client.ask(SftpClient.FSETSTAT, fields().text(handle).number(1).number(0L)), "ftruncate");
        client.close(handle);
        denied(client.ask(SftpClient.REMOVE, file), "remove");
        denied(rename(file, "data/stolen"), "rename out");
        denied(rename("data/input.csv", file), "rename over");
        denied(client.extended(SftpClient.HARDLINK, file, "data/second"), "hard link to it");
        assertThat(link("../" + file, "data/link").isOk())
                .as("symbolic link to it")
                .isFalse();
        assertThat(trusted()).isEqualTo(before);
        assertThat(refused).contains(file);
        assertThat(root.resolve("data/input.csv")).hasContent("data");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Evil.java",
                "data/Evil.java",
                "pkg/Evil.JAVA",
                "lib/evil.jar",
                "LIB/evil.jar",
                "lib",
                "evil.jar",
                "target/evil.jar",
                "Rowmill.Properties",
                "./lib//evil.jar",
                "/tables/New/part.parquet",
                "Tables",
                "src/main/resources/META-INF/services/x",
                "target/classes/Evil.class",
                "data/new/Evil.java",
                "data/a.b/Evil.java",
                ".GIT/config",
                "l\u200cib/evil.jar",
                "\uff4cib",
                "\u017frc/main/resources/evil"
            })
    void aTrustedPathThatDoesNotExistCannotBeMade(String path) throws IOException {
        serve(ReadOnlyPaths.ofProject(root, TRUSTED, List.of()));
        for (String gone : List.of("lib", "tables", "target", "src", "rowmill.properties")) {
            rmTree(root.resolve(gone));
        }
        for (String parent :
                List.of("data", "data/new", "data/a.b", "pkg", "lib2", "LIB", "target/classes", "src/main")) {
            if (!parent.equals("target/classes")) {
                Files.createDirectories(root.resolve(parent));
            }
        }
        Files.createDirectories(root.resolve("target"));
        make("free/file", "free");

        assertThat(client.open(path, WRITE_FLAGS).isOk()).as("create").isFalse();
        assertThat(client.ask(SftpClient.MKDIR, fields().text(path).number(0)).isOk())
                .as("mkdir")
                .isFalse();
        assertThat(link("data", path).isOk()).as("symbolic link").isFalse();
        assertThat(client.extended(SftpClient.HARDLINK, "free/file", path).isOk())
                .as("hard link")
                .isFalse();
        assertThat(rename("free/file", path).isOk()).as("rename file").isFalse();
        assertThat(rename("free", path).isOk()).as("rename directory").isFalse();
        assertThat(root.resolve("free/file")).hasContent("free");
    }

    private static void rmTree(Path top) throws IOException {
        if (Files.exists(top)) {
            try (Stream<Path> all = Files.walk(top)) {
                for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    @Nested
    class Directories {

        @ParameterizedTest
        @ValueSource(
                strings = {"lib", "src", "src/main", "target", "tables", "out", "out/results", "pkg", "pkg/deep", ".git"
                })
        void withTrustedPathsBelowCannotBeRenamedOrReplaced(String name) throws IOException {
            String before = trusted();

            denied(rename(name, "data/taken"), "rename " + name);
            assertThat(rename("data/sub", name).isOk()).isFalse();
            assertThat(client.ask(SftpClient.RMDIR, name).isOk()).isFalse();
            assertThat(link("data", name).isOk()).isFalse();
            assertThat(trusted()).isEqualTo(before);
        }

        @Test
        void aboveTrustedPathsCanBeMadeButNotAsLinks() throws IOException {
            rmTree(root.resolve("src"));

            denied(link("data", "src"), "link");
            denied(rename("data/sub", "src"), "rename");
            assertThat(client.ask(SftpClient.MKDIR, fields().text("src").number(0))
                            .isOk())
                    .isTrue();
            assertThat(client.ask(SftpClient.MKDIR, fields().text("src/main").number(0))
                            .isOk())
                    .isTrue();
            denied(
                    client.ask(
                            SftpClient.MKDIR,
                            fields().text("src/main/resources").number(0)),
                    "resources");
        }

        @Test
        void withoutTrustedPathsCanBeRenamed() throws IOException {
            assertThat(rename("data/sub", "free").isOk()).isTrue();
            assertThat(root.resolve("free/more.csv")).hasContent("data");
        }

        @Test
        void withJavaFilesThatAreDataCannotBecomePackages() throws IOException {
            make("data/2024-01/Main.java", "data");

            denied(rename("data/2024-01", "data/january"), "rename");
            assertThat(rename("data/2024-01", "data/2024-02").isOk()).isTrue();
        }

        @Test
        void withWritableSourcesCannotBeRenamedToWhereSourcesCount() throws IOException {
            make("gen/sub/Made.java", "made");
            serve(ReadOnlyPaths.ofProject(root, TRUSTED, List.of(Path.of("gen"))));

            denied(rename("gen/sub", "code"), "rename");
            assertThat(rename("gen/sub", "gen/other").isOk()).isTrue();
            client.writeAll("gen/other/Made.java", "changed");
        }
    }

    @Nested
    class Links {

        @Test
        void ofTheUserBelongToWhatTheyLeadTo() throws IOException {
            make("code/real.jar", "trusted");
            make("code/deep/x.jar", "trusted");
            rmTree(root.resolve("lib"));
            Files.createSymbolicLink(root.resolve("middle"), Path.of("code"));
            Files.createSymbolicLink(root.resolve("lib"), Path.of("middle"));
            serve(ReadOnlyPaths.ofProject(root, TRUSTED, List.of()));

            denied(client.open("code/real.jar", WRITE_FLAGS), "the target");
            denied(client.open("code/deep/new.jar", WRITE_FLAGS), "below the target");
            denied(client.ask(SftpClient.REMOVE, "middle"), "a link on the way");
            denied(client.ask(SftpClient.REMOVE, "lib"), "the link");
            denied(rename("code", "data/code"), "the directory");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/etc/passwd",
                    "../../outside",
                    "../../../x",
                    "sub/../../../x",
                    "sub/../input.csv",
                    "/",
                    "..//../.."
                })
        void thatLeadOutsideAreReported(String target) throws IOException {
            assertThat(link(target, "data/link").isOk()).isTrue();

            assertThat(outside).containsExactly("data/link -> " + target);
        }

        @ParameterizedTest
        @ValueSource(strings = {"input.csv", "./sub/more.csv", "../data/sub", "../missing", "sub//more.csv"})
        void thatStayInsideAreNotReported(String target) throws IOException {
            assertThat(link(target, "data/link").isOk()).isTrue();

            assertThat(outside).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "../lib",
                    "../lib/new.jar",
                    "../Sums.java",
                    "../Evil.java",
                    "..",
                    "../src",
                    "../TABLES",
                    "../target"
                })
        void toTrustedPathsCannotBeMade(String target) throws IOException {
            denied(link(target, "data/link"), target);
        }

        @Test
        void throughOtherLinksAreFollowed() throws IOException {
            Files.createSymbolicLink(root.resolve("data/hop"), Path.of("../lib/.."));
            denied(link("hop/lib", "data/link"), "through a link");
            Files.createSymbolicLink(root.resolve("data/out"), directory);
            assertThat(link("out/x", "data/link").isOk()).isTrue();
            assertThat(outside).hasSize(1);
        }

        /** The directory before the name may become a link to a package afterwards. */
        @Test
        void withTheNameOfASourceAreRefusedWhateverIsBeforeIt() throws IOException {
            denied(link("../b-x/deep/Helper.java", "data/link"), "data/link");
            denied(link("../b-x/deep/Helper.JAVA.", "data/link"), "data/link");
        }

        @Test
        void thatAreMovedCountAtTheirNewPlace() throws IOException {
            assertThat(link("../../free", "data/sub/link").isOk()).isTrue();
            assertThat(outside).isEmpty();

            assertThat(rename("data/sub/link", "data/link").isOk()).isTrue();
            assertThat(outside).containsExactly("data/link -> ../../free");
        }

        @Test
        void belowMovedDirectoriesCountAtTheirNewPlace() throws IOException {
            assertThat(link("../../free", "data/sub/link").isOk()).isTrue();
            assertThat(rename("data/sub", "free").isOk()).isTrue();
            assertThat(outside).containsExactly("free/link -> ../../free");

            assertThat(client.ask(SftpClient.MKDIR, fields().text("data/a").number(0))
                            .isOk())
                    .isTrue();
            assertThat(client.ask(SftpClient.MKDIR, fields().text("data/a/b").number(0))
                            .isOk())
                    .isTrue();
            assertThat(link("../../lib", "data/a/b/link").isOk()).as("data/lib").isTrue();
            denied(rename("data/a/b", "data/b"), "now lib");
        }
    }

    @Test
    void rowsCanWriteEverywhereElse() throws IOException {
        client.writeAll("data/result.csv", "made");
        client.writeAll("new.txt", "made");
        client.writeAll("libs", "not lib");
        client.writeAll("data/lib", "not at the top");
        client.writeAll("data/x.jar", "not at the top");
        client.writeAll("target/report.html", "made");
        client.writeAll("out/other.csv", "made");
        for (String directory : List.of("data/2024-01", "data/a..b", "data/.hidden", "work")) {
            assertThat(client.ask(SftpClient.MKDIR, fields().text(directory).number(0))
                            .isOk())
                    .isTrue();
        }
        client.writeAll("data/2024-01/Main.java", "no source: not in a package");
        client.writeAll("data/a..b/Main.java", "no source");
        client.writeAll("data/.hidden/Main.java", "no source");
        assertThat(rename("data/result.csv", "work/result.csv").isOk()).isTrue();
        assertThat(client.extended(SftpClient.HARDLINK, "work/result.csv", "work/second")
                        .isOk())
                .isTrue();
        assertThat(client.ask(SftpClient.REMOVE, "work/second").isOk()).isTrue();
        assertThat(refused).isEmpty();
        assertThat(outside).isEmpty();
    }

    @Test
    void whatTheUserMakesWritableCanBeChanged() throws IOException {
        serve(ReadOnlyPaths.ofProject(root, TRUSTED, List.of(Path.of("pkg"), Path.of("tables/Sums"), Path.of("LIB"))));

        client.writeAll("pkg/deep/Helper.java", "changed");
        client.writeAll("tables/Sums/part-1.parquet", "changed");
        client.writeAll("lib/tool.jar", "changed");
        denied(client.open("tables/Other", WRITE_FLAGS), "another table");
        denied(client.open("Sums.java", WRITE_FLAGS), "another source");
    }

    @Test
    void theWholeProjectCanBeMadeWritable() throws IOException {
        serve(ReadOnlyPaths.ofProject(root, TRUSTED, List.of(Path.of(""))));

        client.writeAll("Sums.java", "changed");
        client.writeAll("lib/tool.jar", "changed");
        assertThat(rename("src", "source").isOk()).isTrue();
        assertThat(client.open(".rowmill/x", WRITE_FLAGS).isOk())
                .as("the state of Rowmill")
                .isFalse();
    }

    @Test
    @Tag("slow")
    void randomRequestsChangeNoTrustedFile() throws IOException {
        String before = trusted();
        Random random = new Random(SEED);
        List<String> names = new ArrayList<>(List.of(
                "Sums.java",
                "Evil.java",
                "lib",
                "lib/tool.jar",
                "LIB",
                "src",
                "src/main",
                "src/main/resources",
                "target",
                "target/classes",
                "tables",
                "out",
                "out/results",
                "pkg",
                "pkg/deep",
                "data",
                "data/a",
                "data/b",
                "data/sub",
                "data/sub/lib",
                "free",
                "free/x",
                "free/lib",
                "free/Evil.java",
                "rowmill.properties",
                "..",
                "../lib",
                "/",
                "."));
        int[] types = {3, 9, 13, 14, 15, 18, 20, 200, 201};
        for (int i = 0; i < RANDOM_REQUESTS; i++) {
            String one = names.get(random.nextInt(names.size()));
            String other = names.get(random.nextInt(names.size()));
            int type = types[random.nextInt(types.length)];
            switch (type) {
                case SftpClient.OPEN -> {
                    SftpClient.Reply opened = client.open(one, random.nextInt(64));
                    if (opened.type() == 102) {
                        byte[] handle = opened.text();
                        client.write(handle, 0, "evil".getBytes(StandardCharsets.UTF_8));
                        client.close(handle);
                    }
                }
                case SftpClient.SETSTAT ->
                    client.ask(type, fields().text(one).number(1).number(0L));
                case SftpClient.MKDIR ->
                    client.ask(type, fields().text(one).number(4).number(0755));
                case SftpClient.RENAME, SftpClient.SYMLINK ->
                    client.ask(type, fields().text(one).text(other));
                case 200 -> client.extended(SftpClient.POSIX_RENAME, one, other);
                case 201 -> client.extended(SftpClient.HARDLINK, one, other);
                default -> client.ask(type, one);
            }
        }
        assertThat(trusted()).as("seed %d", SEED).isEqualTo(before);
    }
}
