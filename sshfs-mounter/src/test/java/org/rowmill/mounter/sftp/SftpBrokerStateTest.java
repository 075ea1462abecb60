package org.rowmill.mounter.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rowmill.mounter.sftp.SftpClient.DENIED;
import static org.rowmill.mounter.sftp.SftpClient.NO_SUCH_FILE;
import static org.rowmill.mounter.sftp.SftpClient.fields;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The broker's state in a project: clients neither see it nor replace it. */
class SftpBrokerStateTest extends ServedDirectory {

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
    void isReportedAsMissing() throws IOException {
        for (String path : PATHS) {
            assertThat(client.ask(SftpClient.LSTAT, path).status()).isEqualTo(NO_SUCH_FILE);
            assertThat(client.ask(SftpClient.OPENDIR, path).status()).isEqualTo(NO_SUCH_FILE);
            assertThat(client.open(path + "/key", SftpClient.FLAG_READ).status())
                    .isEqualTo(NO_SUCH_FILE);
            assertThat(client.ask(SftpClient.RENAME, fields().text(path).text("/b"))
                            .status())
                    .isEqualTo(NO_SUCH_FILE);
            assertThat(client.extended(SftpClient.HARDLINK, path + "/key", "/b").status())
                    .isEqualTo(NO_SUCH_FILE);
        }
    }

    @Test
    void cannotBeMadeOrReplaced() throws IOException {
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
    void isAnOrdinaryNameInASubdirectory() throws IOException {
        Files.createDirectory(root.resolve("d"));
        client.writeAll("/d/.rowmill", "x");
        assertThat(client.readAll("/d/.rowmill")).isEqualTo("x");
    }
}
