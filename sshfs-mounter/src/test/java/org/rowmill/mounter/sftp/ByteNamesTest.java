package org.rowmill.mounter.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rowmill.mounter.ssh.TestSshd;

/** {@link SshfsNamesTest} tests the same in a locale that supports only ASCII. */
class ByteNamesTest {

    private static final long SEED = 4;

    private static byte[] bytes(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void survives(byte[] name) throws IOException {
        assertThat(ByteNames.toBytes(ByteNames.toPath(name))).isEqualTo(name);
    }

    @Test
    void everyByteExceptNulAndSlashSurvives() throws IOException {
        for (int b = 1; b < 256; b++) {
            if (b != '/') {
                survives(new byte[] {(byte) b});
                survives(new byte[] {'x', (byte) b, 'y'});
            }
        }
    }

    @Test
    @Tag("slow")
    void randomNamesSurvive() throws IOException {
        Random random = new Random(SEED);
        for (int i = 0; i < 10_000; i++) {
            byte[] name = new byte[1 + random.nextInt(255)];
            for (int j = 0; j < name.length; j++) {
                int b = 1 + random.nextInt(255);
                name[j] = (byte) (b == '/' ? '%' : b);
            }
            assertThat(ByteNames.toBytes(ByteNames.toPath(name)))
                    .as("name %d, seed %d", i, SEED)
                    .isEqualTo(name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/a/b", "a/b", "../a", "/\u00e4/\u00ff", "\u00e4/../b", "%2f", "a%00", "?", "a b"})
    void pathsSurvive(String path) throws IOException {
        survives(bytes(path));
    }

    @Test
    void aFileHasExactlyTheName(@TempDir Path directory) throws IOException {
        Path file = Files.createFile(directory.resolve(ByteNames.toPath(bytes("\u00ff\u0080 \n%"))));
        assertThat(ByteNames.toBytes(file.getFileName())).isEqualTo(bytes("\u00ff\u0080 \n%"));
        assertThat(TestSshd.run(
                        "sh", "-c", "cd \"$0\" && test -f \"$(printf '\\377\\200 \\n%%')\"", directory.toString()))
                .isEmpty();
    }

    @Test
    void anEmptyNameAndANameWithANulAreRejected() {
        for (String name : new String[] {"", "\0", "a\0b", "\u00e4\0"}) {
            assertThatThrownBy(() -> ByteNames.toPath(bytes(name)))
                    .isInstanceOfSatisfying(
                            Refusal.class,
                            refusal -> assertThat(refusal.status()).isEqualTo(SftpStatus.NO_SUCH_FILE));
        }
    }

    @Test
    void aByteIsFound() {
        assertThat(ByteNames.contains(bytes("a/b"), '/')).isTrue();
        assertThat(ByteNames.contains(bytes("ab"), '/')).isFalse();
    }
}
