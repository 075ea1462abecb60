package org.rowmill.mounter.ssh;

import com.jcraft.jsch.Identity;
import com.jcraft.jsch.JSchException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A user certificate and its private key, which can be a file or in an SSH agent. JSch's own class needs a file.
 *
 * @param certificate the certificate as it is sent
 * @param key the private key
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record CertifiedKey(byte[] certificate, Identity key) implements Identity {

    private static final String SUFFIX = "-cert-v01@openssh.com";

    static boolean isCertificate(byte[] blob) {
        return HostKeyEntries.type(blob).endsWith(SUFFIX);
    }

    /**
     * Returns the public key in a certificate. The certificate has a type, a random string, and the parts of the
     * key; empty: it is invalid, or of an unknown type.
     */
    static Optional<byte[]> publicKey(byte[] certificate) {
        String type = plain(HostKeyEntries.type(certificate));
        int parts = type.equals("ssh-ed25519") ? 1 : type.equals("ssh-rsa") || type.startsWith("ecdsa-sha2-") ? 2 : 0;
        if (parts == 0) {
            return Optional.empty();
        }
        try {
            ByteBuffer in = ByteBuffer.wrap(certificate);
            next(in);
            next(in);
            int start = in.position();
            for (int i = 0; i < parts; i++) {
                next(in);
            }
            byte[] name = type.getBytes(StandardCharsets.US_ASCII);
            return Optional.of(ByteBuffer.allocate(4 + name.length + in.position() - start)
                    .putInt(name.length)
                    .put(name)
                    .put(certificate, start, in.position() - start)
                    .array());
        } catch (RuntimeException e) { // a length beyond the end
            return Optional.empty();
        }
    }

    private static void next(ByteBuffer in) {
        int length = in.getInt();
        in.position(in.position() + length);
    }

    private static String plain(String algorithm) {
        return algorithm.endsWith(SUFFIX) ? algorithm.substring(0, algorithm.length() - SUFFIX.length()) : algorithm;
    }

    @Override
    public boolean setPassphrase(byte[] passphrase) throws JSchException {
        return key.setPassphrase(passphrase);
    }

    @Override
    public byte[] getPublicKeyBlob() {
        return certificate;
    }

    @Override
    public byte[] getSignature(byte[] data) {
        return key.getSignature(data);
    }

    @Override
    public byte[] getSignature(byte[] data, String algorithm) {
        return key.getSignature(data, plain(algorithm));
    }

    @Override
    public String getAlgName() {
        return HostKeyEntries.type(certificate);
    }

    @Override
    public String getName() {
        return key.getName();
    }

    @Override
    public boolean isEncrypted() {
        return key.isEncrypted();
    }

    @Override
    public void clear() {
        key.clear();
    }
}
