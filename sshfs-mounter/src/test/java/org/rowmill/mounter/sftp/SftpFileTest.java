package org.rowmill.mounter.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rowmill.mounter.sftp.SftpClient.DENIED;
import static org.rowmill.mounter.sftp.SftpClient.EOF;
import static org.rowmill.mounter.sftp.SftpClient.FAILURE;
import static org.rowmill.mounter.sftp.SftpClient.NO_SUCH_FILE;
import static org.rowmill.mounter.sftp.SftpClient.OK;
import static org.rowmill.mounter.sftp.SftpClient.fields;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.rowmill.schemas.Threads;

/** A file in the shared directory: a client opens, reads, writes and changes it. */
class SftpFileTest extends ServedDirectory {

    @Test
    void isRead() throws IOException {
        file("a", "hello");
        assertThat(client.readAll("/a")).isEqualTo("hello");
    }

    @Test
    void isReadByARelativePath() throws IOException {
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
    void isCreated() throws IOException {
        client.writeAll("/a", "new");
        assertThat(content("a")).isEqualTo("new");
    }

    @Test
    void isCreatedEvenIfOpenedForReadingOnly() throws IOException {
        byte[] handle = client.mustOpen("/a", SftpClient.FLAG_READ | SftpClient.FLAG_CREATE);
        assertThat(content("a")).isEmpty();
        assertThat(client.write(handle, 0, new byte[1]).status()).isEqualTo(DENIED);
    }

    @Test
    void isCreatedWithTheRequestedPermissions() throws IOException {
        client.ask(
                SftpClient.OPEN,
                fields().text("/a")
                        .number(SftpClient.FLAG_WRITE | SftpClient.FLAG_CREATE)
                        .number(4)
                        .number(04600));
        assertThat(Files.getAttribute(root.resolve("a"), "unix:mode")).isEqualTo(0100600);
    }

    @Test
    void isNotCreatedTwiceInExclusiveMode() throws IOException {
        file("a", "old");
        int flags = SftpClient.FLAG_WRITE | SftpClient.FLAG_CREATE | SftpClient.FLAG_EXCLUSIVE;
        assertThat(client.open("/a", flags).status()).isEqualTo(FAILURE);
        assertThat(content("a")).isEqualTo("old");
    }

    @Test
    void isTruncatedByOpening() throws IOException {
        file("a", "old and long");
        client.writeAll("/a", "new");
        assertThat(content("a")).isEqualTo("new");
    }

    @Test
    void isNotTruncatedByOpeningForReading() throws IOException {
        file("a", "old");
        client.mustOpen("/a", SftpClient.FLAG_READ | SftpClient.FLAG_TRUNCATE);
        assertThat(content("a")).isEqualTo("old");
    }

    @Test
    void isAppendedToAtAnyOffset() throws IOException {
        file("a", "one");
        byte[] handle = client.mustOpen("/a", SftpClient.FLAG_READ | SftpClient.FLAG_WRITE | SftpClient.FLAG_APPEND);
        assertThat(client.write(handle, 0, "two".getBytes(StandardCharsets.UTF_8))
                        .status())
                .isEqualTo(OK);
        assertThat(content("a")).isEqualTo("onetwo");
        assertThat(new String(client.read(handle, 2, 10).text(), StandardCharsets.UTF_8))
                .isEqualTo("etwo");
    }

    @Test
    void openForAppendingIsExtended() throws IOException {
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
        byte[] handle = client.mustOpen("/a", SftpClient.FLAG_READ | SftpClient.FLAG_WRITE | SftpClient.FLAG_CREATE);
        assertThat(client.write(handle, far, "far".getBytes(StandardCharsets.UTF_8))
                        .status())
                .isEqualTo(OK);
        assertThat(client.lstat("/a").size()).isEqualTo(far + 3);
        assertThat(new String(client.read(handle, far, 3).text(), StandardCharsets.UTF_8))
                .isEqualTo("far");
    }

    @Test
    void isTruncatedAndExtended() throws IOException {
        file("a", "hello");
        client.ask(SftpClient.SETSTAT, fields().text("/a").number(1).number(2L));
        assertThat(content("a")).isEqualTo("he");
        client.ask(SftpClient.SETSTAT, fields().text("/a").number(1).number(4L));
        assertThat(content("a")).isEqualTo("he\0\0");
    }

    /** Two nodes may each set the size of one file and write their part of it. */
    @Test
    @Tag("slow")
    void thatIsExtendedKeepsWhatAnotherClientWrites() throws Exception {
        file("a", "");
        byte[] content = {'x'};
        try (ServedClient second = new ServedClient(shared)) {
            byte[] handle = second.client().mustOpen("/a", SftpClient.FLAG_WRITE);
            for (int i = 0; i < 3000; i++) {
                FutureTask<SftpClient.Reply> written =
                        new FutureTask<>(() -> second.client().write(handle, 9, content));
                Threads.startDaemon("test-writer", written);
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
        assertThat(client.lstat("/a").mode()).isEqualTo(0100750);
    }

    @Test
    void getsTimes() throws IOException {
        file("a", "");
        client.ask(
                SftpClient.SETSTAT, fields().text("/a").number(8).number(1000).number(0xfffffff0));
        assertThat(Files.getLastModifiedTime(root.resolve("a")))
                .isEqualTo(FileTime.from(Instant.ofEpochSecond(0xfffffff0L)));
        assertThat(client.lstat("/a").accessed()).isEqualTo(1000);
    }

    @Test
    void canBeGivenToItsOwnerOnly() throws IOException {
        file("a", "");
        SftpClient.Attributes old = client.lstat("/a");
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
    void keepsItsHandleWhenItsDirectoryIsRenamed() throws IOException {
        Files.createDirectory(root.resolve("d"));
        byte[] handle = client.mustOpen("/d/a", SftpClient.FLAG_WRITE | SftpClient.FLAG_CREATE);
        client.ask(SftpClient.RENAME, fields().text("/d").text("/e"));
        assertThat(client.ask(
                                SftpClient.FSETSTAT,
                                fields().text(handle).number(4).number(0600))
                        .status())
                .isEqualTo(OK);
        assertThat(client.lstat("/e/a").mode()).isEqualTo(0100600);
    }

    @Test
    void withTheNameOfAnOpenFileIsNotChangedByTheHandleOfThatFile() throws IOException {
        file("a", "");
        byte[] handle = client.mustOpen("/a", SftpClient.FLAG_READ);
        Files.move(root.resolve("a"), root.resolve("moved"));
        file("a", "other");
        int old = client.lstat("/a").mode();
        assertThat(client.ask(
                                SftpClient.FSETSTAT,
                                fields().text(handle).number(4).number(0777))
                        .status())
                .isEqualTo(NO_SUCH_FILE);
        assertThat(client.lstat("/a").mode()).isEqualTo(old);
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
