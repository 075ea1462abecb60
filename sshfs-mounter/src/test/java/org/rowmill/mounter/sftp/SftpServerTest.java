package org.rowmill.mounter.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.rowmill.mounter.sftp.SftpClient.BAD_MESSAGE;
import static org.rowmill.mounter.sftp.SftpClient.FAILURE;
import static org.rowmill.mounter.sftp.SftpClient.OK;
import static org.rowmill.mounter.sftp.SftpClient.UNSUPPORTED;
import static org.rowmill.mounter.sftp.SftpClient.fields;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rowmill.schemas.Threads;

/** The server: begin and end, rejected requests, and how many requests may wait. */
class SftpServerTest extends ServedDirectory {

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
    void rejectsUnknownRequests() throws IOException {
        assertThat(client.ask(99, fields()).status()).isEqualTo(UNSUPPORTED);
        assertThat(client.extended("lsetstat@openssh.com", "/a").status()).isEqualTo(UNSUPPORTED);
        assertThat(client.extended("").status()).isEqualTo(UNSUPPORTED);
    }

    @Test
    void returnsTheSizeOfTheFileSystem() throws IOException {
        SftpClient.Reply reply = client.extended(SftpClient.STATVFS, "/");
        long block = reply.body().getLong();
        reply.body().getLong();
        assertThat(block * reply.body().getLong())
                .isEqualTo(Files.getFileStore(root).getTotalSpace() / block * block);
    }

    @Test
    void rejectsAFieldThatExceedsTheRequest() throws IOException {
        assertThat(client.ask(SftpClient.OPEN, fields().number(1000)).status()).isEqualTo(BAD_MESSAGE);
        assertThat(client.ask(SftpClient.OPEN, fields().number(-1)).status()).isEqualTo(BAD_MESSAGE);
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
    void endsWithoutFaultWhenTheClientEnds() throws Exception {
        client.mustOpen("/a", SftpClient.FLAG_WRITE | SftpClient.FLAG_CREATE);
        served.close();
        assertThat(served.server().fault()).isEmpty();
    }

    @Test
    void rejectsUnknownHandlesAndHandlesOfTheWrongKind() throws IOException {
        file("a", "");
        byte[] file = client.mustOpen("/a", SftpClient.FLAG_READ);
        byte[] directory = client.ask(SftpClient.OPENDIR, "/").text();
        assertThat(client.read(directory, 0, 1).status()).isEqualTo(FAILURE);
        assertThat(client.ask(SftpClient.READDIR, fields().text(file)).status()).isEqualTo(FAILURE);
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
    void rejectsNegativeOffsetsAndSizes() throws IOException {
        byte[] handle = client.mustOpen("/a", SftpClient.FLAG_READ | SftpClient.FLAG_WRITE | SftpClient.FLAG_CREATE);
        assertThat(client.read(handle, -1, 1).status()).isEqualTo(BAD_MESSAGE);
        assertThat(client.read(handle, 0, -1).status()).isEqualTo(BAD_MESSAGE);
        assertThat(client.write(handle, Long.MAX_VALUE, new byte[10]).status()).isEqualTo(BAD_MESSAGE);
        assertThat(client.ask(SftpClient.SETSTAT, fields().text("/a").number(1).number(-1L))
                        .status())
                .isEqualTo(BAD_MESSAGE);
    }

    @Test
    void countsItsTraffic() throws IOException {
        long before = served.traffic().operations();
        client.writeAll("/a", "hello");
        client.readAll("/a");
        assertThat(served.traffic().bytesWritten()).isEqualTo(5);
        assertThat(served.traffic().bytesRead()).isEqualTo(5);
        assertThat(served.traffic().operations()).isEqualTo(before + 7);
    }

    @Test
    void answersManyRequestsThatArriveAtOnce() throws IOException {
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
    void waitsForAClientThatSendsTenThousandRequestsAndReadsNoReply(int type, int limit) throws Exception {
        file("a", "x".repeat(200_000));
        ByteArrayOutputStream requests = new ByteArrayOutputStream();
        SftpClient writer = new SftpClient(new ByteArrayInputStream(new byte[0]), requests);
        writer.send(fields().number(1).text("/a").number(1).number(0).toBytes(), SftpClient.OPEN);
        SftpClient.Fields read = fields().number(2).text(new byte[8]).number(0L).number(200_000);
        byte[] one = (type == SftpClient.READ ? read : fields().number(2).text("/a")).toBytes();
        for (int i = 0; i < 10_000; i++) {
            writer.send(one, type);
        }
        Traffic traffic = new Traffic();
        PipedInputStream answers = new PipedInputStream(1);
        SftpServer server = new SftpServer(
                shared, new ByteArrayInputStream(requests.toByteArray()), new PipedOutputStream(answers), traffic);
        Thread thread = Threads.startDaemon("test-server", server::serve);

        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        assertThat(traffic.operations()).isPositive().isLessThan(limit);
        answers.close();
        thread.join();
    }

    @Test
    void sendsItsRepliesBeforeItWaits() throws IOException {
        ByteArrayOutputStream replies = new ByteArrayOutputStream();
        byte[] init = {0, 0, 0, 5, 1, 0, 0, 0, 3};
        byte[] andHalfAPacket = Arrays.copyOf(init, init.length + 6);
        andHalfAPacket[init.length + 3] = 100;
        SftpServer server = new SftpServer(shared, new ByteArrayInputStream(andHalfAPacket), replies, new Traffic());
        assertThat(server.answerNext()).isTrue();
        assertThat(replies.size()).isZero();
        assertThat(server.answerNext()).isFalse();
        assertThat(replies.size()).isPositive();
    }
}
