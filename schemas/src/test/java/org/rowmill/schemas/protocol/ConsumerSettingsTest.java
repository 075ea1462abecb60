package org.rowmill.schemas.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsumerSettingsTest {

    private static final ConsumerSettings SETTINGS = new ConsumerSettings(
            "run1",
            "this computer",
            "127.0.0.1",
            11000,
            "u",
            "p\u00e4ss\nword",
            2,
            Path.of("/a b/\u00e4\nc"),
            List.of(Path.of("x.jar"), Path.of("lib/y.jar")),
            List.of("T", "a.U$V"),
            Path.of("/tmp/in hand"),
            -1,
            Optional.of(certificate()));

    @Test
    void comeBackAsTheyWereWritten() throws IOException {
        assertThat(ConsumerSettings.readFrom(new ByteArrayInputStream(written(SETTINGS))))
                .isEqualTo(SETTINGS);
    }

    @Test
    void withoutClassPathAndTablesComeBackToo() throws IOException {
        ConsumerSettings bare = new ConsumerSettings(
                "", "", "", 0, "", "", 1, Path.of(""), List.of(), List.of(), Path.of(""), 0, Optional.empty());

        assertThat(ConsumerSettings.readFrom(new ByteArrayInputStream(written(bare))))
                .isEqualTo(bare);
    }

    @Test
    void areRefusedWhenTheyEndEarly() throws IOException {
        byte[] whole = written(SETTINGS);
        for (int length = 0; length < whole.length - 2; length++) {
            ByteArrayInputStream cut = new ByteArrayInputStream(whole, 0, length);

            assertThatThrownBy(() -> ConsumerSettings.readFrom(cut)).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello\n", ".\n", "run !!\n.\n", "run\n.\n"})
    void areRefusedWhenTheyAreSomethingElse(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(IOException.class).hasMessageContaining("expected");
        assertThatThrownBy(() -> read("protocol 1\n" + text))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("expected");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "0", "x", ""})
    void settingsOfAnotherProtocolVersionAreRejectedWithBothVersions(String version) throws IOException {
        String other = new String(written(SETTINGS), StandardCharsets.US_ASCII)
                .replaceFirst("protocol 1\n", "protocol " + version + "\n");

        assertThatThrownBy(() -> read(other))
                .isInstanceOf(IOException.class)
                .hasMessage("this consumer.jar uses version 1 of the consumer protocol, but the producer.jar that"
                        + " started it uses version " + version
                        + ". Use the consumer.jar that is packed into that producer.jar");
    }

    @Test
    void areRefusedWithANumberThatIsNone() throws IOException {
        String wrong = new String(written(SETTINGS), StandardCharsets.US_ASCII).replaceFirst("slots .*", "slots LTE=");

        assertThatThrownBy(() -> read(wrong)).isInstanceOf(IOException.class).hasMessageContaining("slots");
        assertThatThrownBy(() -> read(wrong.replace("slots LTE=", "slots eA==")))
                .isInstanceOf(IOException.class);
    }

    @Test
    void areRefusedWithACertificateThatIsNone() throws IOException {
        String none = Base64.getEncoder()
                .encodeToString(Base64.getEncoder().encode("hello".getBytes(StandardCharsets.US_ASCII)));
        String wrong = new String(written(SETTINGS), StandardCharsets.US_ASCII)
                .replaceFirst("certificate .*", "certificate " + none);

        assertThatThrownBy(() -> read(wrong)).isInstanceOf(IOException.class).hasMessageContaining("certificate");
    }

    @Test
    void keepTheCertificateWhenSlotsAndPortAreKnown() {
        assertThat(SETTINGS.withSlots(3).withHttpPort(0).certificate()).isEqualTo(SETTINGS.certificate());
    }

    /** Of P-256, as a run has. */
    private static X509Certificate certificate() {
        byte[] pem = """
                -----BEGIN CERTIFICATE-----
                MIIBfDCCASGgAwIBAgIUde6OqZtlEtNGDkUZvT3/h2oIzfcwCgYIKoZIzj0EAwIw
                EjEQMA4GA1UEAwwHcm93bWlsbDAgFw0yNjExMjUxMzE5MDFaGA8yMTI2MTEwMTEz
                MTkwMVowEjEQMA4GA1UEAwwHcm93bWlsbDBZMBMGByqGSM49AgEGCCqGSM49AwEH
                A0IABCU4kGn8m75myZ2zdkvRc3F+73hK98Upa+Dc9BQG2BtjrC8mvTw/+mXbB19d
                NKe/WRgM5ruO8dh8S94VpBFflBOjUzBRMB0GA1UdDgQWBBSJpSZ8vR/9PAgMRNPW
                4oZPxep+cjAfBgNVHSMEGDAWgBSJpSZ8vR/9PAgMRNPW4oZPxep+cjAPBgNVHRMB
                Af8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQDaFG+mStr2/HXls3s+4yRf+NLy
                nGX2k4YHMTBB9f9dMAIhALcWr/YPduoVFkkL6lxxEFESEgp+oa/2aI+QM8dnjKrJ
                -----END CERTIFICATE-----
                """.getBytes(StandardCharsets.US_ASCII);
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
        } catch (CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ConsumerSettings read(String text) throws IOException {
        return ConsumerSettings.readFrom(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private static byte[] written(ConsumerSettings settings) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        settings.writeTo(out);
        return out.toByteArray();
    }
}
