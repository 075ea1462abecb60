package org.rowmill.mounter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.rowmill.mounter.SftpClient.fields;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SftpServerTest {

    private static final int OK = 0;
    private static final int EOF = 1;
    private static final int NO_SUCH_FILE = 2;
    private static final int DENIED = 3;
    private static final int FAILURE = 4;
    private static final int BAD_MESSAGE = 5;
    private static final int UNSUPPORTED = 8;

    @TempDir
    Path root;

    private SharedDirectory shared;
    private ServedClient served;
    private SftpClient client;

    @BeforeEach
    void connect() throws IOException {
        shared = new SharedDirectory(root);
        served = new ServedClient(shared);
        client = served.client();
    }

    @AfterEach
    void disconnect() throws Exception {
        served.close();
    }

    private void file(String name, String content) throws IOException {
        Files.writeString(root.resolve(name), content);
    }

    private String content(String name) throws IOException {
        return Files.readString(root.resolve(name));
    }

    private SftpClient.Attributes lstat(String path) throws IOException {
        return client.ask(SftpClient.LSTAT, path).attributes();
    }

    @Nested
    class AFile {

        @Test
        void isRead() throws IOException {
            file("a", "hello");
            assertThat(client.readAll("/a")).isEqualTo("hello");
        }

        @Test
        void isReadByARelativePathToo() throws IOException {
            Files.createDirectory(root.resolve("d"));
            file("d/a", "hello");
            assertThat(client.readAll("./d//a")).isEqualTo("hello");
        }

        @Test
        void isReadBeyondItsEnd() throws IOException {
            file("a", "hello");
            byte[] handle = client.mustOpen("/a", SftpClient.FLAG_READ);
            assertThat(new String(client.read(handle, 3, 100).text(), StandardCharsets.UTF_8))
                    .isEqualTo("lo");
            assertThat(client.read(handle, 5, 100).status()).isEqualTo(EOF);
        }

        @Test
        void isMade() throws IOException {
            client.writeAll("/a", "new");
            assertThat(content("a")).isEqualTo("new");
        }

        @Test
        void isMadeEvenWhenOpenedForReadingOnly() throws IOException {
            byte[] handle = client.mustOpen("/a", SftpClient.FLAG_READ | SftpClient.FLAG_CREATE);
            assertThat(content("a")).isEmpty();
            assertThat(client.write(handle, 0, new byte[1]).status()).isEqualTo(DENIED);
        }

        @Test
        void isMadeWithThePermissionsAskedFor() throws IOException {
            client.ask(
                    SftpClient.OPEN,
                    fields().text("/a")
                            .number(SftpClient.FLAG_WRITE | SftpClient.FLAG_CREATE)
                            .number(4)
                            .number(04600));
            assertThat(Files.getAttribute(root.resolve("a"), "unix:mode")).isEqualTo(0100600);
        }

        @Test
        void isNotMadeTwiceWhenThatIsAskedFor() throws IOException {
            file("a", "old");
            int flags = SftpClient.FLAG_WRITE | SftpClient.FLAG_CREATE | SftpClient.FLAG_EXCLUSIVE;
            assertThat(client.open("/a", flags).status()).isEqualTo(FAILURE);
            assertThat(content("a")).isEqualTo("old");
        }

        @Test
        void isEmptiedByOpening() throws IOException {
            file("a", "old and long");
            client.writeAll("/a", "new");
            assertThat(content("a")).isEqualTo("new");
        }

        @Test
        void isNotEmptiedByOpeningForReading() throws IOException {
            file("a", "old");
            client.mustOpen("/a", SftpClient.FLAG_READ | SftpClient.FLAG_TRUNCATE);
            assertThat(content("a")).isEqualTo("old");
        }

        @Test
        void isAppendedToWhateverTheOffset() throws IOException {
            file("a", "one");
            byte[] handle =
                    client.mustOpen("/a", SftpClient.FLAG_READ | SftpClient.FLAG_WRITE | SftpClient.FLAG_APPEND);
            assertThat(client.write(handle, 0, "two".getBytes(StandardCharsets.UTF_8))
                            .status())
                    .isEqualTo(OK);
            assertThat(content("a")).isEqualTo("onetwo");
            assertThat(new String(client.read(handle, 2, 10).text(), StandardCharsets.UTF_8))
                    .isEqualTo("etwo");
        }

        @Test
        void thatIsAppendedToIsMadeLonger() throws IOException {
            file("a", "one");
            byte[] handle = client.mustOpen("/a", SftpClient.FLAG_APPEND);
            assertThat(client.ask(
                                    SftpClient.FSETSTAT,
                                    fields().text(handle).number(1).number(10L))
                            .status())
                    .isEqualTo(OK);
            assertThat(Files.size(root.resolve("a"))).isEqualTo(10);
        }

        @Test
        void isLongerThanFourGibibytes() throws IOException {
            long far = 5L << 30;
            byte[] handle =
                    client.mustOpen("/a", SftpClient.FLAG_READ | SftpClient.FLAG_WRITE | SftpClient.FLAG_CREATE);
            assertThat(client.write(handle, far, "far".getBytes(StandardCharsets.UTF_8))
                            .status())
                    .isEqualTo(OK);
            assertThat(lstat("/a").size()).isEqualTo(far + 3);
            assertThat(new String(client.read(handle, far, 3).text(), StandardCharsets.UTF_8))
                    .isEqualTo("far");
        }

        @Test
        void isMadeShorterAndLonger() throws IOException {
            file("a", "hello");
            client.ask(SftpClient.SETSTAT, fields().text("/a").number(1).number(2L));
            assertThat(content("a")).isEqualTo("he");
            client.ask(SftpClient.SETSTAT, fields().text("/a").number(1).number(4L));
            assertThat(content("a")).isEqualTo("he\0\0");
        }

        /** As when two nodes each set the size of one file and write their part of it. */
        @Test
        void thatIsMadeLongerKeepsWhatAnotherClientWritesMeanwhile() throws Exception {
            file("a", "");
            byte[] content = {'x'};
            try (ServedClient second = new ServedClient(shared)) {
                byte[] handle = second.client().mustOpen("/a", SftpClient.FLAG_WRITE);
                for (int i = 0; i < 3000; i++) {
                    FutureTask<SftpClient.Reply> written =
                            new FutureTask<>(() -> second.client().write(handle, 9, content));
                    Bounded.start("test-writer", written);
                    SftpClient.Reply longer = client.ask(
                            SftpClient.SETSTAT, fields().text("/a").number(1).number(10L));
                    assertThat(longer.isOk() && written.get().isOk()).isTrue();
                    assertThat(content("a")).as("round %d", i).isEqualTo("\0".repeat(9) + "x");
                    client.ask(SftpClient.SETSTAT, fields().text("/a").number(1).number(0L));
                }
            }
        }

        @Test
        void getsPermissionsWithoutSetUserId() throws IOException {
            file("a", "");
            client.ask(SftpClient.SETSTAT, fields().text("/a").number(4).number(06750));
            assertThat(lstat("/a").mode()).isEqualTo(0100750);
        }

        @Test
        void getsTimes() throws IOException {
            file("a", "");
            client.ask(
                    SftpClient.SETSTAT,
                    fields().text("/a").number(8).number(1000).number(0xfffffff0));
            assertThat(Files.getLastModifiedTime(root.resolve("a")))
                    .isEqualTo(FileTime.from(Instant.ofEpochSecond(0xfffffff0L)));
            assertThat(lstat("/a").accessed()).isEqualTo(1000);
        }

        @Test
        void isGivenToItsOwnerAndToNobodyElse() throws IOException {
            file("a", "");
            SftpClient.Attributes old = lstat("/a");
            assertThat(chown(old.uid(), old.gid())).isEqualTo(OK);
            assertThat(chown(old.uid() + 1, old.gid())).isEqualTo(DENIED);
            assertThat(chown(old.uid(), old.gid() + 1)).isEqualTo(DENIED);
        }

        private int chown(int uid, int gid) throws IOException {
            return client.ask(
                            SftpClient.SETSTAT,
                            fields().text("/a").number(2).number(uid).number(gid))
                    .status();
        }

        @Test
        void isStillReadAfterItsRemoval() throws IOException {
            file("a", "hello");
            byte[] handle = client.mustOpen("/a", SftpClient.FLAG_READ);
            assertThat(client.ask(SftpClient.REMOVE, "/a").status()).isEqualTo(OK);
            assertThat(client.read(handle, 0, 5).text()).hasSize(5);
            assertThat(client.ask(SftpClient.FSTAT, fields().text(handle))
                            .attributes()
                            .size())
                    .isEqualTo(5);
        }

        @Test
        void keepsItsHandleThroughARenaming() throws IOException {
            Files.createDirectory(root.resolve("d"));
            byte[] handle = client.mustOpen("/d/a", SftpClient.FLAG_WRITE | SftpClient.FLAG_CREATE);
            client.ask(SftpClient.RENAME, fields().text("/d").text("/e"));
            assertThat(client.ask(
                                    SftpClient.FSETSTAT,
                                    fields().text(handle).number(4).number(0600))
                            .status())
                    .isEqualTo(OK);
            assertThat(lstat("/e/a").mode()).isEqualTo(0100600);
        }

        @Test
        void thatTookTheNameOfAnOpenOneIsNotChangedThroughItsHandle() throws IOException {
            file("a", "");
            byte[] handle = client.mustOpen("/a", SftpClient.FLAG_READ);
            Files.move(root.resolve("a"), root.resolve("moved"));
            file("a", "other");
            int old = lstat("/a").mode();
            assertThat(client.ask(
                                    SftpClient.FSETSTAT,
                                    fields().text(handle).number(4).number(0777))
                            .status())
                    .isEqualTo(NO_SUCH_FILE);
            assertThat(lstat("/a").mode()).isEqualTo(old);
        }

        @Test
        void isForcedToDisk() throws IOException {
            byte[] handle = client.mustOpen("/a", SftpClient.FLAG_WRITE | SftpClient.FLAG_CREATE);
            assertThat(client.ask(
                                    SftpClient.EXTENDED,
                                    fields().text(SftpClient.FSYNC).text(handle))
                            .status())
                    .isEqualTo(OK);
        }

        @Test
        void thatIsSpecialIsNotOpened() throws Exception {
            assertThat(new ProcessBuilder("mkfifo", root.resolve("fifo").toString())
                            .start()
                            .waitFor())
                    .isZero();
            assertThat(client.open("/fifo", SftpClient.FLAG_READ).status()).isEqualTo(FAILURE);
            assertThat(client.open("/fifo/x", SftpClient.FLAG_READ).status()).isEqualTo(NO_SUCH_FILE);
            assertThat(client.ask(SftpClient.OPENDIR, "/fifo").status()).isEqualTo(NO_SUCH_FILE);
            assertThat(client.ask(
                                    SftpClient.SETSTAT,
                                    fields().text("/fifo").number(4).number(0600))
                            .status())
                    .isEqualTo(DENIED);
        }
    }

    @Nested
    class Names {

        @Test
        void areListedWithAttributes() throws IOException {
            file("a", "hello");
            Files.createDirectory(root.resolve("d"));
            assertThat(client.list("/"))
                    .extracting(SftpClient.Entry::text)
                    .containsExactlyInAnyOrder(".", "..", "a", "d");
            assertThat(client.list("/"))
                    .filteredOn(e -> e.text().equals("a"))
                    .first()
                    .satisfies(e -> assertThat(e.attributes().size()).isEqualTo(5));
        }

        @Test
        void areRenamed() throws IOException {
            file("a", "hello");
            assertThat(client.ask(SftpClient.RENAME, fields().text("/a").text("/b"))
                            .status())
                    .isEqualTo(OK);
            assertThat(content("b")).isEqualTo("hello");
        }

        @Test
        void areRenamedOverOthersOnlyInPosixManner() throws IOException {
            file("a", "new");
            file("b", "old");
            assertThat(client.ask(SftpClient.RENAME, fields().text("/a").text("/b"))
                            .status())
                    .isEqualTo(FAILURE);
            assertThat(client.extended(SftpClient.POSIX_RENAME, "/a", "/b").status())
                    .isEqualTo(OK);
            assertThat(content("b")).isEqualTo("new");
        }

        @Test
        void ofDirectoriesAreMadeAndRemoved() throws IOException {
            assertThat(client.ask(
                                    SftpClient.MKDIR,
                                    fields().text("/d").number(4).number(0700))
                            .status())
                    .isEqualTo(OK);
            assertThat(Files.getPosixFilePermissions(root.resolve("d")))
                    .isEqualTo(PosixFilePermissions.fromString("rwx------"));
            assertThat(client.ask(SftpClient.REMOVE, "/d").status()).isEqualTo(FAILURE);
            assertThat(client.ask(SftpClient.RMDIR, "/d").status()).isEqualTo(OK);
            assertThat(root.resolve("d")).doesNotExist();
        }

        @Test
        void ofFullDirectoriesAreNotRemoved() throws IOException {
            Files.createDirectory(root.resolve("d"));
            file("d/a", "");
            assertThat(client.ask(SftpClient.RMDIR, "/d").status()).isEqualTo(FAILURE);
        }

        @Test
        void areLinkedTwice() throws IOException {
            file("a", "hello");
            assertThat(client.extended(SftpClient.HARDLINK, "/a", "/b").status())
                    .isEqualTo(OK);
            assertThat(Files.isSameFile(root.resolve("a"), root.resolve("b"))).isTrue();
            assertThat(client.extended(SftpClient.HARDLINK, "/a", "/b").status())
                    .isEqualTo(FAILURE);
        }

        @Test
        void ofSymbolicLinksAreSentAsTheyAre() throws IOException {
            Files.createSymbolicLink(root.resolve("link"), Path.of("/data/../corpus1"));
            assertThat(client.ask(SftpClient.READLINK, "/link")).satisfies(reply -> {
                assertThat(reply.body().getInt()).isEqualTo(1);
                assertThat(new String(reply.text(), StandardCharsets.UTF_8)).isEqualTo("/data/../corpus1");
            });
            assertThat(lstat("/link").mode() & 0170000).isEqualTo(0120000);
            assertThat(client.ask(SftpClient.STAT, "/link").status()).isEqualTo(NO_SUCH_FILE);
        }

        @Test
        void thatAreTooLongAreRefused() throws IOException {
            assertThat(client.open("/" + "x".repeat(256), SftpClient.FLAG_WRITE | SftpClient.FLAG_CREATE)
                            .status())
                    .isEqualTo(FAILURE);
            assertThat(client.open("/x".repeat(4097), SftpClient.FLAG_READ).status())
                    .isEqualTo(BAD_MESSAGE);
        }

        @Test
        void withANulAreRefused() throws IOException {
            assertThat(client.open("/a\0b", SftpClient.FLAG_WRITE | SftpClient.FLAG_CREATE)
                            .status())
                    .isEqualTo(NO_SUCH_FILE);
            assertThat(root).isEmptyDirectory();
        }

        @Test
        void becomeRealPaths() throws IOException {
            assertThat(client.ask(SftpClient.REALPATH, ".")).satisfies(reply -> {
                assertThat(reply.body().getInt()).isEqualTo(1);
                assertThat(reply.text()).isEqualTo(new byte[] {'/'});
            });
            assertThat(client.ask(SftpClient.REALPATH, "a/./ä\n/")).satisfies(reply -> {
                assertThat(reply.body().getInt()).isEqualTo(1);
                assertThat(new String(reply.text(), StandardCharsets.UTF_8)).isEqualTo("/a/ä\n");
            });
        }

        @Test
        void ofAHundredThousandFilesAreListed() throws IOException {
            int count = 100_000;
            Path first = Files.createFile(root.resolve("f0"));
            Files.createDirectory(root.resolve("d"));
            for (int i = 0; i < count; i++) {
                // Links are quicker to make, but a file has no more than 65,000 on ext4.
                if (i % 50_000 == 0) {
                    first = Files.createFile(root.resolve("first" + i));
                }
                Files.createLink(root.resolve("d/" + i), first);
            }
            Set<String> names = new HashSet<>();
            for (SftpClient.Entry entry : client.list("/d")) {
                names.add(entry.text());
            }
            assertThat(names).hasSize(count + 2).contains("0", "99999");
        }
    }

    @Nested
    class TheConnection {

        @Test
        void beginsWithTheVersionAndTheExtensions() throws IOException {
            ByteBuffer reply = client.init();
            assertThat(reply.get()).isEqualTo((byte) 2);
            assertThat(reply.getInt()).isEqualTo(3);
            byte[] rest = new byte[reply.remaining()];
            reply.get(rest);
            assertThat(new String(rest, StandardCharsets.US_ASCII))
                    .contains(SftpClient.POSIX_RENAME, SftpClient.HARDLINK, SftpClient.FSYNC, SftpClient.STATVFS);
        }

        @Test
        void refusesWhatItDoesNotKnow() throws IOException {
            assertThat(client.ask(99, fields()).status()).isEqualTo(UNSUPPORTED);
            assertThat(client.extended("lsetstat@openssh.com", "/a").status()).isEqualTo(UNSUPPORTED);
            assertThat(client.extended("").status()).isEqualTo(UNSUPPORTED);
        }

        @Test
        void tellsTheSizeOfTheFileSystem() throws IOException {
            SftpClient.Reply reply = client.extended(SftpClient.STATVFS, "/");
            long block = reply.body().getLong();
            reply.body().getLong();
            assertThat(block * reply.body().getLong())
                    .isEqualTo(Files.getFileStore(root).getTotalSpace() / block * block);
        }

        @Test
        void refusesAFieldThatGoesBeyondTheRequest() throws IOException {
            assertThat(client.ask(SftpClient.OPEN, fields().number(1000)).status())
                    .isEqualTo(BAD_MESSAGE);
            assertThat(client.ask(SftpClient.OPEN, fields().number(-1)).status())
                    .isEqualTo(BAD_MESSAGE);
        }

        @Test
        void endsWhenAPacketIsTooLong() throws Exception {
            client.send(new byte[SftpPacketReader.MAX_PACKET_BYTES], SftpClient.WRITE);
            served.awaitEnd();
            assertThat(served.server().fault())
                    .get()
                    .extracting(Throwable::getMessage)
                    .isEqualTo("a packet of 1 to 263168 bytes was expected, not of 263169");
        }

        @Test
        void endsWithoutFaultWhenTheClientDoes() throws Exception {
            client.mustOpen("/a", SftpClient.FLAG_WRITE | SftpClient.FLAG_CREATE);
            served.close();
            assertThat(served.server().fault()).isEmpty();
        }

        @Test
        void refusesUnknownHandlesAndThoseOfTheOtherKind() throws IOException {
            file("a", "");
            byte[] file = client.mustOpen("/a", SftpClient.FLAG_READ);
            byte[] directory = client.ask(SftpClient.OPENDIR, "/").text();
            assertThat(client.read(directory, 0, 1).status()).isEqualTo(FAILURE);
            assertThat(client.ask(SftpClient.READDIR, fields().text(file)).status())
                    .isEqualTo(FAILURE);
            assertThat(client.close(file).status()).isEqualTo(OK);
            assertThat(client.close(file).status()).isEqualTo(FAILURE);
            assertThat(client.close(new byte[3]).status()).isEqualTo(FAILURE);
        }

        @Test
        void limitsTheNumberOfHandles() throws IOException {
            for (int i = 0; i < SftpHandles.MAX_HANDLES; i++) {
                client.mustOpen("/a", SftpClient.FLAG_WRITE | SftpClient.FLAG_CREATE);
            }
            assertThat(client.open("/b", SftpClient.FLAG_WRITE | SftpClient.FLAG_CREATE)
                            .status())
                    .isEqualTo(FAILURE);
            assertThat(root.resolve("b")).doesNotExist();
        }

        @Test
        void refusesOffsetsAndSizesBelowZero() throws IOException {
            byte[] handle =
                    client.mustOpen("/a", SftpClient.FLAG_READ | SftpClient.FLAG_WRITE | SftpClient.FLAG_CREATE);
            assertThat(client.read(handle, -1, 1).status()).isEqualTo(BAD_MESSAGE);
            assertThat(client.read(handle, 0, -1).status()).isEqualTo(BAD_MESSAGE);
            assertThat(client.write(handle, Long.MAX_VALUE, new byte[10]).status())
                    .isEqualTo(BAD_MESSAGE);
            assertThat(client.ask(
                                    SftpClient.SETSTAT,
                                    fields().text("/a").number(1).number(-1L))
                            .status())
                    .isEqualTo(BAD_MESSAGE);
        }

        @Test
        void countsWhatGoesThrough() throws IOException {
            long before = served.traffic().operations();
            client.writeAll("/a", "hello");
            client.readAll("/a");
            assertThat(served.traffic().bytesWritten()).isEqualTo(5);
            assertThat(served.traffic().bytesRead()).isEqualTo(5);
            assertThat(served.traffic().operations()).isEqualTo(before + 7);
        }

        @Test
        void answersAManyRequestsThatCameAtOnce() throws IOException {
            file("a", "x".repeat(200_000));
            ByteArrayOutputStream requests = new ByteArrayOutputStream();
            SftpClient writer = new SftpClient(new ByteArrayInputStream(new byte[0]), requests);
            writer.send(fields().number(3).toBytes(), 1);
            writer.send(fields().number(1).text("/a").number(1).number(0).toBytes(), SftpClient.OPEN);
            for (int i = 0; i < 100; i++) {
                byte[] read = fields().number(i)
                        .text(new byte[8])
                        .number(0L)
                        .number(200_000)
                        .toBytes();
                writer.send(read, SftpClient.READ);
            }
            ByteArrayOutputStream replies = new ByteArrayOutputStream();
            SftpServer server =
                    new SftpServer(shared, new ByteArrayInputStream(requests.toByteArray()), replies, new Traffic());
            server.serve();
            assertThat(server.fault()).isEmpty();
            assertThat(replies.size()).isGreaterThan(100 * 200_000);
        }

        @ParameterizedTest
        @CsvSource({"5, 10", "7, 2500"})
        void waitsForAClientThatSendsTenThousandRequestsAndReadsNoAnswer(int type, int most) throws Exception {
            file("a", "x".repeat(200_000));
            ByteArrayOutputStream requests = new ByteArrayOutputStream();
            SftpClient writer = new SftpClient(new ByteArrayInputStream(new byte[0]), requests);
            writer.send(fields().number(1).text("/a").number(1).number(0).toBytes(), SftpClient.OPEN);
            SftpClient.Fields read =
                    fields().number(2).text(new byte[8]).number(0L).number(200_000);
            byte[] one = (type == SftpClient.READ ? read : fields().number(2).text("/a")).toBytes();
            for (int i = 0; i < 10_000; i++) {
                writer.send(one, type);
            }
            Traffic traffic = new Traffic();
            PipedInputStream answers = new PipedInputStream(1);
            SftpServer server = new SftpServer(
                    shared, new ByteArrayInputStream(requests.toByteArray()), new PipedOutputStream(answers), traffic);
            Thread thread = Bounded.start("test-server", server::serve);

            await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
            assertThat(traffic.operations()).isPositive().isLessThan(most);
            answers.close();
            thread.join();
        }

        @Test
        void doesNotHoldBackAReplyWhileItWaits() throws IOException {
            ByteArrayOutputStream replies = new ByteArrayOutputStream();
            byte[] init = {0, 0, 0, 5, 1, 0, 0, 0, 3};
            byte[] andHalfAPacket = Arrays.copyOf(init, init.length + 6);
            andHalfAPacket[init.length + 3] = 100;
            SftpServer server =
                    new SftpServer(shared, new ByteArrayInputStream(andHalfAPacket), replies, new Traffic());
            assertThat(server.answerNext()).isTrue();
            assertThat(replies.size()).isZero();
            assertThat(server.answerNext()).isFalse();
            assertThat(replies.size()).isPositive();
        }
    }

    @Nested
    class TheBrokersState {

        private static final List<String> PATHS = List.of("/.rowmill", ".rowmill/", "//./.rowmill", "/.RowMill");

        @BeforeEach
        void makeState() throws IOException {
            Files.createDirectory(root.resolve(".rowmill"));
            file(".rowmill/key", "secret");
            file("a", "");
        }

        @Test
        void isNotListed() throws IOException {
            assertThat(client.list("/")).extracting(SftpClient.Entry::text).containsExactlyInAnyOrder(".", "..", "a");
        }

        @Test
        void isAsIfItWereAbsent() throws IOException {
            for (String path : PATHS) {
                assertThat(client.ask(SftpClient.LSTAT, path).status()).isEqualTo(NO_SUCH_FILE);
                assertThat(client.ask(SftpClient.OPENDIR, path).status()).isEqualTo(NO_SUCH_FILE);
                assertThat(client.open(path + "/key", SftpClient.FLAG_READ).status())
                        .isEqualTo(NO_SUCH_FILE);
                assertThat(client.ask(SftpClient.RENAME, fields().text(path).text("/b"))
                                .status())
                        .isEqualTo(NO_SUCH_FILE);
                assertThat(client.extended(SftpClient.HARDLINK, path + "/key", "/b")
                                .status())
                        .isEqualTo(NO_SUCH_FILE);
            }
        }

        @Test
        void isNeitherMadeNorReplaced() throws IOException {
            for (String path : PATHS) {
                assertThat(client.ask(SftpClient.MKDIR, fields().text(path).number(0))
                                .status())
                        .isEqualTo(DENIED);
                assertThat(client.extended(SftpClient.POSIX_RENAME, "/a", path).status())
                        .isEqualTo(DENIED);
                assertThat(client.extended(SftpClient.HARDLINK, "/a", path).status())
                        .isEqualTo(DENIED);
                assertThat(client.ask(SftpClient.SYMLINK, fields().text("a").text(path))
                                .status())
                        .isEqualTo(DENIED);
                assertThat(client.open(path, SftpClient.FLAG_WRITE | SftpClient.FLAG_CREATE)
                                .status())
                        .isEqualTo(DENIED);
            }
            assertThat(content(".rowmill/key")).isEqualTo("secret");
        }

        @Test
        void isAnOrdinaryNameFurtherDown() throws IOException {
            Files.createDirectory(root.resolve("d"));
            client.writeAll("/d/.rowmill", "x");
            assertThat(client.readAll("/d/.rowmill")).isEqualTo("x");
        }
    }
}
