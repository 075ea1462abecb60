package org.rowmill.mounter.ssh.cipher;

import com.jcraft.jsch.Cipher;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The cipher {@code chacha20-poly1305@openssh.com}, described in PROTOCOL.chacha20poly1305 of OpenSSH, with the
 * ChaCha20 of the JDK. One key encrypts the length of a packet, the other one the packet. OpenSSH's counter and nonce
 * have 64 bits each; the JDK's nonce of 96 bits begins with the upper half of that counter, which is always zero.
 * JSch makes an instance for each direction. Not thread-safe.
 */
public final class ChaCha20Poly1305 implements Cipher {

    private static final int KEY_BYTES = 32;
    private static final int BLOCK_BYTES = 64;
    private static final int LENGTH_BYTES = 4;

    private int mode;
    private byte[] packetKey = new byte[0];
    private byte[] lengthKey = new byte[0];
    private final javax.crypto.Cipher packetCipher;
    private final javax.crypto.Cipher lengthCipher;
    private byte[] codeKey = new byte[0];

    /**
     * Made by JSch, by the name of the class.
     *
     * @throws GeneralSecurityException if the JVM has no ChaCha20
     */
    public ChaCha20Poly1305() throws GeneralSecurityException {
        packetCipher = javax.crypto.Cipher.getInstance("ChaCha20");
        lengthCipher = javax.crypto.Cipher.getInstance("ChaCha20");
    }

    @Override
    public int getIVSize() {
        return 8; // JSch means the size of a block
    }

    @Override
    public int getBlockSize() {
        return 2 * KEY_BYTES; // JSch means the size of the key
    }

    @Override
    public int getTagSize() {
        return Poly1305.TAG_BYTES;
    }

    @Override
    public void init(int newMode, byte[] key, byte[] iv) {
        mode = newMode;
        packetKey = Arrays.copyOfRange(key, 0, KEY_BYTES);
        lengthKey = Arrays.copyOfRange(key, KEY_BYTES, 2 * KEY_BYTES);
    }

    /** Begins a packet. Its number is the nonce. */
    @Override
    public void update(int sequence) throws GeneralSecurityException {
        byte[] nonce =
                ByteBuffer.allocate(12).putLong(4, sequence & 0xffffffffL).array();
        start(lengthCipher, lengthKey, nonce);
        start(packetCipher, packetKey, nonce);
        codeKey = Arrays.copyOf(packetCipher.update(new byte[BLOCK_BYTES]), Poly1305.KEY_BYTES);
    }

    private void start(javax.crypto.Cipher cipher, byte[] key, byte[] nonce) throws GeneralSecurityException {
        int jdkMode = mode == ENCRYPT_MODE ? javax.crypto.Cipher.ENCRYPT_MODE : javax.crypto.Cipher.DECRYPT_MODE;
        cipher.init(jdkMode, new SecretKeySpec(key, "ChaCha20"), new ChaCha20ParameterSpec(nonce, 0));
    }

    /** Encrypts or decrypts the length of the packet. */
    @Override
    public void update(byte[] from, int offset, int count, byte[] to, int target) throws GeneralSecurityException {
        lengthCipher.update(from, offset, count, to, target);
    }

    /**
     * Encrypts or decrypts the rest of the packet and writes or checks its code. JSch passes the packet with its
     * length; in an encrypted private key, which has no length, the offset is negative.
     */
    @Override
    public void doFinal(byte[] from, int offset, int count, byte[] to, int target) throws GeneralSecurityException {
        if (mode == DECRYPT_MODE) {
            byte[] expected = new Poly1305(codeKey).tag(from, offset < 0 ? offset + LENGTH_BYTES : offset, count);
            byte[] found = Arrays.copyOfRange(from, count, count + Poly1305.TAG_BYTES);
            if (!MessageDigest.isEqual(expected, found)) {
                throw new AEADBadTagException("a packet is damaged");
            }
        }
        if (offset < 0) {
            packetCipher.update(
                    from, offset + LENGTH_BYTES, count - LENGTH_BYTES - offset, to, target + LENGTH_BYTES + offset);
        } else {
            packetCipher.update(from, offset + LENGTH_BYTES, count - LENGTH_BYTES, to, target + LENGTH_BYTES);
        }
        if (mode == ENCRYPT_MODE) {
            byte[] tag = new Poly1305(codeKey).tag(to, target, count);
            System.arraycopy(tag, 0, to, count, tag.length);
        }
    }

    @Override
    public boolean isCBC() {
        return false;
    }

    @Override
    public boolean isAEAD() {
        return true;
    }

    @Override
    public boolean isChaCha20() {
        return true;
    }
}
