package org.rowmill.mounter.ssh.cipher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.jcraft.jsch.Cipher;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.AEADBadTagException;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class ChaCha20Poly1305Test {

    private static final long SEED = 42;
    private static final byte[] NOTHING = {};

    /** RFC 8439, section 2.5.2. */
    @Test
    void theCodeIsThatOfTheRfc() {
        byte[] key = HexFormat.of().parseHex("85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b");
        byte[] message = "Cryptographic Forum Research Group".getBytes(StandardCharsets.US_ASCII);
        assertThat(new Poly1305(key).tag(message, 0, message.length))
                .asHexString()
                .isEqualToIgnoringCase("a8061dc1305136c6c22b8baf0c0127a9");
    }

    /** RFC 8439, appendix A.3, numbers 7 to 11: the carries at the modulus. */
    @Test
    void theCodeIsRightAtTheModulus() {
        assertThat(code("02", "ff".repeat(16))).isEqualTo("03" + "00".repeat(15));
        assertThat(code("01", "ff".repeat(16) + "f0" + "ff".repeat(15) + "11" + "00".repeat(15)))
                .isEqualTo("05" + "00".repeat(15));
        assertThat(code("01", "ff".repeat(16) + "fb" + "fe".repeat(15) + "01".repeat(16)))
                .isEqualTo("00".repeat(16));
        assertThat(code("02", "fd" + "ff".repeat(15))).isEqualTo("fa" + "ff".repeat(15));
    }

    private static String code(String keyStart, String message) {
        byte[] key = HexFormat.of().parseHex((keyStart + "00".repeat(32)).substring(0, 64));
        byte[] bytes = HexFormat.of().parseHex(message);
        return HexFormat.of().formatHex(new Poly1305(key).tag(bytes, 0, bytes.length));
    }

    /** The JDK has the code only inside its own cipher, over padded data and lengths. */
    @Test
    void theCodeIsThatOfTheJdk() throws Exception {
        Random random = new Random(SEED);
        for (int length = 0; length < 200; length++) {
            byte[] key = bytes(random, 32);
            byte[] nonce = bytes(random, 12);
            byte[] message = bytes(random, length);
            javax.crypto.Cipher jdk = javax.crypto.Cipher.getInstance("ChaCha20-Poly1305");
            jdk.init(javax.crypto.Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "ChaCha20"), new IvParameterSpec(nonce));
            byte[] sealed = jdk.doFinal(message);
            javax.crypto.Cipher stream = javax.crypto.Cipher.getInstance("ChaCha20");
            stream.init(
                    javax.crypto.Cipher.ENCRYPT_MODE,
                    new SecretKeySpec(key, "ChaCha20"),
                    new ChaCha20ParameterSpec(nonce, 0));
            byte[] codeKey = stream.update(new byte[32]);
            byte[] covered = ByteBuffer.allocate((length + 15) / 16 * 16 + 16)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(sealed, 0, length)
                    .putLong((length + 15) / 16 * 16 + 8, length)
                    .array();
            assertThat(new Poly1305(codeKey).tag(covered, 0, covered.length))
                    .as("seed %s, length %s", SEED, length)
                    .isEqualTo(Arrays.copyOfRange(sealed, length, length + 16));
        }
    }

    @Test
    void aPacketIsDecrypted() throws Exception {
        byte[] packet = sealed(7);
        assertThat(opened(packet, 7)).isEqualTo("length and text");
    }

    @Test
    void aChangedBitIsDetected() throws Exception {
        for (int i = 0; i < 15 + 16; i++) {
            byte[] packet = sealed(7);
            packet[i] ^= 4;
            assertThatThrownBy(() -> opened(packet, 7)).isInstanceOf(AEADBadTagException.class);
        }
        assertThatThrownBy(() -> opened(sealed(7), 8)).isInstanceOf(AEADBadTagException.class);
    }

    private static byte[] sealed(int sequence) throws Exception {
        byte[] packet = Arrays.copyOf("length and text".getBytes(StandardCharsets.US_ASCII), 15 + 16);
        ChaCha20Poly1305 cipher = cipher(Cipher.ENCRYPT_MODE);
        cipher.update(sequence);
        cipher.update(packet, 0, 4, packet, 0);
        cipher.doFinal(packet, 0, 15, packet, 0);
        return packet;
    }

    private static String opened(byte[] packet, int sequence) throws Exception {
        ChaCha20Poly1305 cipher = cipher(Cipher.DECRYPT_MODE);
        cipher.update(sequence);
        byte[] length = new byte[4];
        cipher.update(packet, 0, 4, length, 0);
        cipher.doFinal(packet, 0, 15, packet, 0);
        return new String(length, StandardCharsets.US_ASCII) + new String(packet, 4, 11, StandardCharsets.US_ASCII);
    }

    private static ChaCha20Poly1305 cipher(int mode) throws Exception {
        ChaCha20Poly1305 cipher = new ChaCha20Poly1305();
        cipher.init(mode, bytes(new Random(SEED), 64), NOTHING);
        return cipher;
    }

    private static byte[] bytes(Random random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
