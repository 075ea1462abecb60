package org.rowmill.mounter.sftp;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Files as programs on a node use them, through the kernel and {@code sshfs}. */
@Tag("slow")
class SshfsFilesTest {

    private static final int LARGE_BYTES = 5_000_001;

    @TempDir
    private static Path directory;

    private static KernelMount mount;
    private static KernelMount otherMount;

    /** The directory of a test: mounted on a node, mounted on another node, and on the head. */
    private Path seen;

    private Path seenByOther;
    private Path real;

    @BeforeAll
    static void mount() throws IOException {
        SharedDirectory shared = new SharedDirectory(Files.createDirectory(directory.resolve("project")));
        mount = KernelMount.of(shared, directory.resolve("node"));
        otherMount = KernelMount.of(shared, directory.resolve("other"));
    }

    @AfterAll
    static void unmount() {
        try (KernelMount first = mount;
                KernelMount second = otherMount) {
            assertThat(first).isNotSameAs(second);
        }
    }

    @BeforeEach
    void makeDirectory(TestInfo test) throws IOException {
        String name = test.getTestMethod().orElseThrow().getName();
        real = Files.createDirectory(directory.resolve("project").resolve(name));
        seen = mount.directory().resolve(name);
        seenByOther = otherMount.directory().resolve(name);
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.APPEND, StandardOpenOption.CREATE);
    }

    @Test
    void aFileIsWrittenReadAppendedAndTruncated() throws IOException {
        byte[] bytes = new byte[LARGE_BYTES];
        new Random(1).nextBytes(bytes);
        Files.write(seen.resolve("a"), bytes);
        assertThat(Files.readAllBytes(real.resolve("a"))).isEqualTo(bytes);
        assertThat(Files.readAllBytes(seen.resolve("a"))).isEqualTo(bytes);

        append(seen.resolve("a"), "tail");
        assertThat(Files.size(real.resolve("a"))).isEqualTo(LARGE_BYTES + 4);
        try (FileChannel channel = FileChannel.open(seen.resolve("a"), StandardOpenOption.WRITE)) {
            channel.truncate(3);
        }
        assertThat(Files.size(seen.resolve("a"))).isEqualTo(3);
        assertThat(Files.size(real.resolve("a"))).isEqualTo(3);
        KernelMount.sh(seen, "truncate -s 1000 a");
        assertThat(Files.size(real.resolve("a"))).isEqualTo(1000);
        Files.writeString(seen.resolve("a"), "new");
        assertThat(real.resolve("a")).hasContent("new");
    }

    @Test
    void aFileIsWrittenInAnyOrder() throws IOException {
        byte[] bytes = new byte[1 << 20];
        new Random(2).nextBytes(bytes);
        try (FileChannel channel =
                FileChannel.open(seen.resolve("a"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            int block = 10_007;
            for (int at = bytes.length / block * block; at >= 0; at -= block) {
                channel.write(ByteBuffer.wrap(bytes, at, Math.min(block, bytes.length - at)), at);
            }
        }
        assertThat(Files.readAllBytes(real.resolve("a"))).isEqualTo(bytes);
    }

    @Test
    void aRenameReplacesAnExistingFile() throws IOException {
        Files.writeString(seen.resolve("a"), "new");
        Files.writeString(seen.resolve("b"), "old");
        Files.move(seen.resolve("a"), seen.resolve("b"), StandardCopyOption.ATOMIC_MOVE);
        assertThat(seen.resolve("b")).hasContent("new");
        assertThat(real.resolve("a")).doesNotExist();
        assertThat(real.resolve("b")).hasContent("new");
    }

    @Test
    void forcedBytesAreOnTheHead() throws IOException {
        try (FileChannel channel =
                FileChannel.open(seen.resolve("a"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[100_000]));
            channel.force(true);
            assertThat(Files.size(real.resolve("a"))).isEqualTo(100_000);
        }
    }

    @Test
    void aFileMayHaveTwoNames() throws IOException {
        Files.writeString(seen.resolve("a"), "one");
        Files.createLink(seen.resolve("b"), seen.resolve("a"));
        append(seen.resolve("a"), " and two");
        assertThat(real.resolve("b")).hasContent("one and two");
        assertThat(Files.isSameFile(real.resolve("a"), real.resolve("b"))).isTrue();
    }

    @Test
    void theSizesOfTheFileSystemAreThoseOfTheHead() {
        String numbers = "stat -f -c '%S %b %f %a' .";
        // Other processes write to the file system at the same time.
        await().until(() -> KernelMount.sh(real, numbers).equals(KernelMount.sh(seen, numbers)));
    }

    @Test
    void extendedAttributesAreRejected() throws IOException {
        Files.writeString(seen.resolve("a"), "content");
        UserDefinedFileAttributeView view =
                Files.getFileAttributeView(seen.resolve("a"), UserDefinedFileAttributeView.class);
        assertThatThrownBy(() -> view.write("name", ByteBuffer.wrap(new byte[1])))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("Operation not supported");
        assertThat(KernelMount.sh(seen, "cp -a a b && cat b")).isEqualTo("content");
    }

    @Test
    void aFileIsLongerThanFourGibibytes() throws IOException {
        long far = (4L << 30) + 12_345;
        byte[] bytes = "far".getBytes(StandardCharsets.UTF_8);
        try (FileChannel channel = FileChannel.open(
                seen.resolve("a"), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
            channel.write(ByteBuffer.wrap(bytes), far);
            ByteBuffer read = ByteBuffer.allocate(3);
            channel.read(read, far);
            assertThat(read.array()).isEqualTo(bytes);
        }
        assertThat(Files.size(seen.resolve("a"))).isEqualTo(far + 3);
        assertThat(KernelMount.sh(real, "tail -c 4 a | tr '\\0' 0")).isEqualTo("0far");
    }

    @Test
    void fiveThousandFilesAreListed() throws IOException {
        String[] names = IntStream.range(0, 5_000).mapToObj(i -> "file-" + i).toArray(String[]::new);
        for (String name : names) {
            Files.createFile(real.resolve(name));
        }
        try (Stream<Path> files = Files.list(seen)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder(names);
        }
    }

    @Test
    void directoriesAreMadeAndRemovedOnlyWhenEmpty() throws IOException {
        Files.createDirectories(seen.resolve("d/e"));
        assertThat(real.resolve("d/e")).isDirectory();
        assertThatThrownBy(() -> Files.createDirectory(seen.resolve("d")))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> Files.delete(seen.resolve("d"))).isInstanceOf(DirectoryNotEmptyException.class);
        Files.delete(seen.resolve("d/e"));
        Files.delete(seen.resolve("d"));
        assertThat(real).isEmptyDirectory();
    }

    @Test
    void existingNamesAreNotMadeAgain() throws IOException {
        Files.writeString(real.resolve("a"), "old");
        assertThatThrownBy(() -> Files.writeString(
                        seen.resolve("a"), "x", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> Files.createLink(seen.resolve("a"), seen.resolve("a")))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> Files.createSymbolicLink(seen.resolve("a"), Path.of("x")))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> Files.readString(seen.resolve("absent"))).isInstanceOf(NoSuchFileException.class);
        assertThat(real.resolve("a")).hasContent("old");
    }

    @Test
    void permissionsAndTimesAreSet() throws IOException {
        Files.writeString(seen.resolve("a"), "");
        Files.setPosixFilePermissions(seen.resolve("a"), PosixFilePermissions.fromString("rwxr-x--x"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(real.resolve("a"))))
                .isEqualTo("rwxr-x--x");
        Instant time = Instant.parse("2001-02-03T04:05:06.789Z");
        Files.setLastModifiedTime(seen.resolve("a"), FileTime.from(time));
        assertThat(Files.getLastModifiedTime(real.resolve("a")))
                .as("the protocol has whole seconds")
                .isEqualTo(FileTime.from(Instant.parse("2001-02-03T04:05:06Z")));
        assertThat(Files.getLastModifiedTime(seen.resolve("a")))
                .isEqualTo(Files.getLastModifiedTime(real.resolve("a")));
    }

    @Test
    void aFileIsNotGivenToAnotherUser() throws IOException {
        Files.writeString(seen.resolve("a"), "");
        assertThatThrownBy(() -> Files.setAttribute(seen.resolve("a"), "unix:uid", 12_345))
                .isInstanceOf(AccessDeniedException.class);
    }

    @Test
    void aRemovedFileIsReadAndWrittenUntilItIsClosed() throws IOException {
        try (FileChannel channel = FileChannel.open(
                seen.resolve("a"), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
            channel.write(ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8)));
            Files.delete(seen.resolve("a"));
            assertThat(seen.resolve("a")).doesNotExist();
            channel.write(ByteBuffer.wrap("!".getBytes(StandardCharsets.UTF_8)), 5);
            ByteBuffer read = ByteBuffer.allocate(10);
            channel.read(read, 0);
            assertThat(new String(read.array(), 0, read.position(), StandardCharsets.UTF_8))
                    .isEqualTo("hello!");
        }
        await().untilAsserted(() -> assertThat(real).isEmptyDirectory());
    }

    @Test
    void anOpenFileThatAnotherNodeRemovesIsStillReadable() throws IOException {
        Files.writeString(real.resolve("a"), "hello");
        try (FileChannel channel = FileChannel.open(seen.resolve("a"))) {
            Files.delete(seenByOther.resolve("a"));
            ByteBuffer read = ByteBuffer.allocate(5);
            channel.read(read, 0);
            assertThat(read.array()).isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void twoNodesWriteTheirPartsOfOneFile() throws Exception {
        int parts = 200;
        Files.createFile(real.resolve("a"));
        Thread other = new Thread(() -> writeParts(seenByOther.resolve("a"), (byte) 'o', 1, parts));
        other.start();
        writeParts(seen.resolve("a"), (byte) 't', 0, parts);
        other.join();
        assertThat(Files.readString(real.resolve("a"))).isEqualTo(("t".repeat(1000) + "o".repeat(1000)).repeat(parts));
    }

    private static void writeParts(Path file, byte content, int first, int count) {
        byte[] part = new byte[1000];
        Arrays.fill(part, content);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int i = 0; i < count; i++) {
                channel.write(ByteBuffer.wrap(part), 1000L * (2 * i + first));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lines may be divided: the kernel sends data that crosses a page of its cache in two parts. */
    @Test
    void twoNodesThatAppendLoseNothing() throws Exception {
        int lines = 500;
        Thread other = new Thread(() -> appendLines(seenByOther.resolve("log"), "o", lines));
        other.start();
        appendLines(seen.resolve("log"), "t", lines);
        other.join();
        assertThat(Files.readString(real.resolve("log")).chars().boxed().collect(groupingBy(c -> c, counting())))
                .isEqualTo(Map.of((int) 'o', 200L * lines, (int) 't', 200L * lines, (int) '\n', 2L * lines));
    }

    private static void appendLines(Path file, String content, int count) {
        byte[] line = (content.repeat(200) + "\n").getBytes(StandardCharsets.UTF_8);
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (int i = 0; i < count; i++) {
                out.write(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aFileThatAnotherNodeWroteIsReadAtOnce() throws IOException {
        for (int i = 0; i < 20; i++) {
            Files.writeString(seenByOther.resolve("new-" + i), "content " + i);
            assertThat(seen.resolve("new-" + i)).hasContent("content " + i);
        }
    }
}
