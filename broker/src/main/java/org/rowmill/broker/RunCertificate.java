package org.rowmill.broker;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * The key of one run and its self-signed certificate, which clients know before they connect. The key is only in
 * memory. The JDK makes certificates only with the command {@code keytool} and a file; a certificate without extensions
 * is a few lines of ASN.1 (RFC 5280, section 4.1). Immutable.
 */
final class RunCertificate {

    private static final Duration CLOCKS_DIFFER = Duration.ofDays(1);
    private static final Duration LONGEST_RUN = Duration.ofDays(365);

    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int UTF8_STRING = 0x0c;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int UTC_TIME = 0x17;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int SHORT_LENGTH = 0x80;
    private static final int SERIAL_BITS = 127;

    /** From this year on, years have four digits. */
    private static final int FULL_YEARS = 2050;

    private static final byte[] ECDSA_WITH_SHA256 = HexFormat.of().parseHex("06082a8648ce3d040302");
    private static final byte[] COMMON_NAME = HexFormat.of().parseHex("0603550403");

    private final KeyPair pair;
    private final X509Certificate certificate;

    private RunCertificate(KeyPair pair, X509Certificate certificate) {
        this.pair = pair;
        this.certificate = certificate;
    }

    /** Makes a key and its certificate, which is valid from a day ago, because clocks of nodes differ. */
    static RunCertificate make(Clock clock, SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            KeyPair pair = generator.generateKeyPair();
            byte[] signed = toBeSigned(pair, clock.instant(), new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE));
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(pair.getPrivate(), random);
            signature.update(signed);
            byte[] all = der(
                    SEQUENCE, signed, der(SEQUENCE, ECDSA_WITH_SHA256), der(BIT_STRING, new byte[1], signature.sign()));
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(all));
            certificate.verify(pair.getPublic());
            return new RunCertificate(pair, certificate);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot make a certificate for the run", e);
        }
    }

    private static byte[] toBeSigned(KeyPair pair, Instant now, BigInteger serial) {
        byte[] name = der(
                SEQUENCE,
                der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, "rowmill".getBytes(StandardCharsets.US_ASCII)))));
        return der(
                SEQUENCE,
                der(INTEGER, serial.toByteArray()),
                der(SEQUENCE, ECDSA_WITH_SHA256),
                name,
                der(SEQUENCE, time(now.minus(CLOCKS_DIFFER)), time(now.plus(LONGEST_RUN))),
                name,
                pair.getPublic().getEncoded());
    }

    private static byte[] time(Instant time) {
        boolean full = time.atOffset(ZoneOffset.UTC).getYear() >= FULL_YEARS;
        String text = DateTimeFormatter.ofPattern(full ? "uuuuMMddHHmmss'Z'" : "uuMMddHHmmss'Z'", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(time);
        return der(full ? GENERALIZED_TIME : UTC_TIME, text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Returns one element of ASN.1: tag, length, content. */
    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        if (content.size() < SHORT_LENGTH) {
            element.write(content.size());
        } else {
            byte[] length = BigInteger.valueOf(content.size()).toByteArray();
            int zero = length[0] == 0 ? 1 : 0; // the sign byte of a number whose first bit is 1
            element.write(SHORT_LENGTH | (length.length - zero));
            element.write(length, zero, length.length - zero);
        }
        element.writeBytes(content.toByteArray());
        return element.toByteArray();
    }

    X509Certificate certificate() {
        return certificate;
    }

    /** Returns the context of a server that shows this certificate and requires none from clients. */
    SSLContext server() {
        try {
            char[] none = {};
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, none);
            store.setKeyEntry("run", pair.getPrivate(), none, new Certificate[] {certificate});
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, none);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot use the certificate of the run", e);
        }
    }
}
