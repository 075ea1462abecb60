package org.rowmill.schemas.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rowmill.schemas.protocol.ConsumerSettings.BrokerAccess;
import org.rowmill.schemas.protocol.ConsumerSettings.Project;
import org.rowmill.schemas.protocol.ConsumerSettings.Slots;

class ConsumerSettingsTest {

    private static final BrokerAccess BROKER =
            new BrokerAccess("127.0.0.1", 11000, "u", "p\u00e4ss\nword", Optional.of(certificate()));

    private static final ConsumerSettings SETTINGS = new ConsumerSettings(
            "run1",
            "this computer",
            BROKER,
            new Project(
                    Path.of("/a b/\u00e4\nc"), List.of(Path.of("x.jar"), Path.of("lib/y.jar")), List.of("T", "a.U$V")),
            new Slots(2, Path.of("/tmp/in hand")),
            OptionalInt.of(9_100));

    @Test
    void settingsAreReadAsTheyWereWritten() throws IOException {
        assertThat(ConsumerSettings.readFrom(new ByteArrayInputStream(written(SETTINGS))))
                .isEqualTo(SETTINGS);
    }

    @Test
    void emptyListsAndAbsentValuesAreReadAsTheyWereWritten() throws IOException {
        ConsumerSettings bare = new ConsumerSettings(
                "",
                "",
                new BrokerAccess("", 1, "", "", Optional.empty()),
                new Project(Path.of(""), List.of(), List.of()),
                new Slots(0, Path.of("")),
                OptionalInt.empty());

        assertThat(ConsumerSettings.readFrom(new ByteArrayInputStream(written(bare))))
                .isEqualTo(bare);
    }

    @Test
    void commandsThatFollowTheSettingsAreLeftInTheStream() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SETTINGS.writeTo(out);
        ConsumerControl.DRAIN.writeTo(out);
        InputStream in = new ByteArrayInputStream(out.toByteArray());

        ConsumerSettings.readFrom(in);

        assertThat(ConsumerControl.read(in)).contains(ConsumerControl.DRAIN);
    }

    @Test
    void settingsThatEndEarlyAreRejected() throws IOException {
        byte[] whole = written(SETTINGS);
        for (int length = 0; length < whole.length - 2; length++) {
            ByteArrayInputStream cut = new ByteArrayInputStream(whole, 0, length);

            assertThatThrownBy(() -> ConsumerSettings.readFrom(cut)).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello\n", ".\n", "run !!\n.\n", "run\n.\n"})
    void otherInputIsRejected(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(IOException.class).hasMessageContaining("expected");
        assertThatThrownBy(() -> read("protocol 2\n" + text))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("expected");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "0", "x", ""})
    void settingsOfAnotherProtocolVersionAreRejectedWithBothVersions(String version) throws IOException {
        String other = new String(written(SETTINGS), StandardCharsets.US_ASCII)
                .replaceFirst("protocol 2\n", "protocol " + version + "\n");

        assertThatThrownBy(() -> read(other))
                .isInstanceOf(IOException.class)
                .hasMessage("this consumer.jar uses version 2 of the consumer protocol, but the producer.jar that"
                        + " started it uses version " + version
                        + ". Use the consumer.jar that is packed into that producer.jar");
    }

    @Test
    void aValueThatIsNoNumberOrOutOfRangeIsRejected() throws IOException {
        assertThatThrownBy(() -> read(with("slots", "-1")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("slots: 0 or more was expected, not -1");
        assertThatThrownBy(() -> read(with("slots", "x")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("slots: a number was expected, not \"x\"");
        assertThatThrownBy(() -> read(with("port", "70000")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("port: 1 to 65535 was expected, not 70000");
        assertThatThrownBy(() -> read(with("httpPort", "-1")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("httpPort: 0 to 65535 was expected, not -1");
    }

    @Test
    void anInvalidCertificateIsRejected() throws IOException {
        String invalid = Base64.getEncoder().encodeToString("hello".getBytes(StandardCharsets.US_ASCII));

        assertThatThrownBy(() -> read(with("certificate", invalid)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("certificate");
    }

    @Test
    void aValueThatOccursTwiceIsRejected() throws IOException {
        assertThatThrownBy(() -> read(with("run", "a").replaceFirst("run (.*)\n", "run $1\nrun $1\n")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("one value of run was expected, not 2");
    }

    @Test
    void slotsAndHttpPortChangeAndEverythingElseStays() {
        assertThat(SETTINGS.withSlots(3)).isEqualTo(SETTINGS);
        assertThat(SETTINGS.limitedTo(2)).isEqualTo(SETTINGS);
        ConsumerSettings changed = SETTINGS.limitedTo(1).withHttpPort(0);

        assertThat(changed)
                .isEqualTo(new ConsumerSettings(
                        "run1",
                        "this computer",
                        BROKER,
                        SETTINGS.project(),
                        new Slots(1, SETTINGS.slots().inHand()),
                        OptionalInt.of(0)));
        assertThat(with(0).withSlots(3)).isEqualTo(with(3));
    }

    @Test
    void theirTextNamesNeitherUserNorPassword() {
        assertThat(SETTINGS.toString()).contains("127.0.0.1:11000").doesNotContain("word");
        assertThat(BROKER).hasToString("BrokerAccess[127.0.0.1:11000]");
    }

    private static ConsumerSettings with(int slots) {
        return new ConsumerSettings(
                "", "", BROKER, SETTINGS.project(), new Slots(slots, Path.of("f")), OptionalInt.empty());
    }

    private static String with(String key, String value) throws IOException {
        String encoded = Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
        return new String(written(SETTINGS), StandardCharsets.US_ASCII)
                .replaceFirst("\n" + key + " .*", "\n" + key + " " + encoded);
    }

    /** A certificate with a key of P-256, like that of a run. */
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
