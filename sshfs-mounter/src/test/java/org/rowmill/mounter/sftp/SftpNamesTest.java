package org.rowmill.mounter.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rowmill.mounter.sftp.SftpClient.BAD_MESSAGE;
import static org.rowmill.mounter.sftp.SftpClient.FAILURE;
import static org.rowmill.mounter.sftp.SftpClient.NO_SUCH_FILE;
import static org.rowmill.mounter.sftp.SftpClient.OK;
import static org.rowmill.mounter.sftp.SftpClient.PERMISSION_DENIED;
import static org.rowmill.mounter.sftp.SftpClient.fields;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names of files, directories and links: a client lists, makes, changes and removes them. */
class SftpNamesTest extends ServedDirectory {

    @Test
    void areListedWithAttributes() throws IOException {
        file("a", "hello");
        Files.createDirectory(root.resolve("d"));
        assertThat(client.list("/")).extracting(SftpClient.Entry::text).containsExactlyInAnyOrder(".", "..", "a", "d");
        assertThat(client.list("/"))
                .filteredOn(e -> e.text().equals("a"))
                .first()
                .satisfies(e -> assertThat(e.attributes().size()).isEqualTo(5));
    }

    @Test
    void areRenamed() throws IOException {
        file("a", "hello");
        assertThat(client.ask(SftpClient.RENAME, fields().text("/a").text("/b")).status())
                .isEqualTo(OK);
        assertThat(content("b")).isEqualTo("hello");
    }

    @Test
    void replaceOthersOnlyByAPosixRename() throws IOException {
        file("a", "new");
        file("b", "old");
        assertThat(client.ask(SftpClient.RENAME, fields().text("/a").text("/b")).status())
                .isEqualTo(FAILURE);
        assertThat(client.extended(SftpClient.POSIX_RENAME, "/a", "/b").status())
                .isEqualTo(OK);
        assertThat(content("b")).isEqualTo("new");
    }

    /** sshfs turns FAILURE into "other file system" here, and programs would copy. */
    @Test
    void arePermissionFaultsIfADirectoryIsInTheWay() throws IOException {
        Files.createDirectory(root.resolve("d"));
        Files.createDirectory(root.resolve("e"));
        file("e/a", "");
        assertThat(client.extended(SftpClient.POSIX_RENAME, "/d", "/e").status())
                .isEqualTo(PERMISSION_DENIED);
        assertThat(client.extended(SftpClient.POSIX_RENAME, "/nowhere", "/f").status())
                .isEqualTo(NO_SUCH_FILE);
    }

    @Test
    void ofDirectoriesAreMadeAndRemoved() throws IOException {
        assertThat(client.ask(SftpClient.MKDIR, fields().text("/d").number(4).number(0700))
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
    void mayBeTwoForOneFile() throws IOException {
        file("a", "hello");
        assertThat(client.extended(SftpClient.HARDLINK, "/a", "/b").status()).isEqualTo(OK);
        assertThat(Files.isSameFile(root.resolve("a"), root.resolve("b"))).isTrue();
        assertThat(client.extended(SftpClient.HARDLINK, "/a", "/b").status()).isEqualTo(FAILURE);
    }

    @Test
    void ofLinkTargetsAreSentUnchanged() throws IOException {
        Files.createSymbolicLink(root.resolve("link"), Path.of("/data/../corpus1"));
        assertThat(client.ask(SftpClient.READLINK, "/link")).satisfies(reply -> {
            assertThat(reply.body().getInt()).isEqualTo(1);
            assertThat(new String(reply.text(), StandardCharsets.UTF_8)).isEqualTo("/data/../corpus1");
        });
        assertThat(client.lstat("/link").mode() & 0170000).isEqualTo(0120000);
        assertThat(client.ask(SftpClient.STAT, "/link").status()).isEqualTo(NO_SUCH_FILE);
    }

    @Test
    void thatAreTooLongAreRejected() throws IOException {
        assertThat(client.open("/" + "x".repeat(256), SftpClient.FLAG_WRITE | SftpClient.FLAG_CREATE)
                        .status())
                .isEqualTo(FAILURE);
        assertThat(client.open("/x".repeat(4097), SftpClient.FLAG_READ).status())
                .isEqualTo(BAD_MESSAGE);
    }

    @Test
    void withANulAreRejected() throws IOException {
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
    @Tag("slow")
    void ofAHundredThousandFilesAreListed() throws IOException {
        int count = 100_000;
        Path first = Files.createFile(root.resolve("f0"));
        Files.createDirectory(root.resolve("d"));
        for (int i = 0; i < count; i++) {
            // Links are made faster than files, but ext4 allows no more than 65,000 of a file.
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
