package org.rowmill.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.Session;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.api.jms.ActiveMQJMSClient;
import org.apache.activemq.artemis.api.jms.JMSFactoryType;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyConnectorFactory;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.schemas.WrongInput;
import org.rowmill.schemas.protocol.Queues;
import org.rowmill.schemas.tls.ParameterSslContext;

/** A broker to which other computers connect without a tunnel: TLS 1.3, one certificate, one address. */
class DirectConnectionTest {

    private static final PortRange PORTS = new PortRange(21_500, 100);
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    private EmbeddedBroker broker;
    private Credentials accounts;
    private InetAddress address;
    private int port;

    @BeforeEach
    void listen() throws IOException {
        broker = EmbeddedBroker.start(PORTS, directory.resolve("broker"), Queues.of("r1"), (node, why) -> {});
        accounts = broker.admit("n1", Map.of(Queues.of("r1").results(), new byte[0]));
        address = InetAddress.getByName("127.0.0.2"); // stands for the address of this computer on a network
        port = broker.listen(address);
    }

    @AfterEach
    void close() {
        broker.close();
    }

    private static SSLContext trusting(X509Certificate certificate) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("run", certificate);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private ActiveMQConnectionFactory factory(Map<String, Object> more) {
        Map<String, Object> parameters = new HashMap<>(more);
        parameters.put("host", address.getHostAddress());
        parameters.put("port", port);
        ActiveMQConnectionFactory factory = ActiveMQJMSClient.createConnectionFactoryWithoutHA(
                JMSFactoryType.CF, new TransportConfiguration(NettyConnectorFactory.class.getName(), parameters));
        factory.setCallTimeout(LIMIT.toMillis());
        return factory;
    }

    private ActiveMQConnectionFactory tls(X509Certificate pinned) throws GeneralSecurityException, IOException {
        Map<String, Object> parameters = new HashMap<>(Map.of("verifyHost", false));
        ParameterSslContext.enableTls(parameters, trusting(pinned));
        return factory(parameters);
    }

    private SSLSocket handshake(String... protocols) throws GeneralSecurityException, IOException {
        SSLSocket socket =
                (SSLSocket) trusting(broker.certificate()).getSocketFactory().createSocket();
        try {
            socket.connect(new InetSocketAddress(address, port), (int) LIMIT.toMillis());
            socket.setSoTimeout((int) LIMIT.toMillis());
            socket.setEnabledProtocols(protocols);
            socket.startHandshake();
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    @Test
    void aClientWithCertificateAndPasswordConnects() throws Exception {
        try (Connection connection = tls(broker.certificate()).createConnection(accounts.user(), accounts.password())) {
            Session session = connection.createSession();

            session.createProducer(session.createQueue(Queues.of("r1").results()))
                    .send(session.createBytesMessage());
        }
        await().untilAsserted(() ->
                assertThat(broker.depth(Queues.of("r1").results())).isEqualTo(1));
    }

    @Test
    void aWrongPasswordIsRejected() throws Exception {
        ActiveMQConnectionFactory factory = tls(broker.certificate());

        assertThatThrownBy(() -> factory.createConnection(accounts.user(), "guess"))
                .isInstanceOf(JMSSecurityException.class);
        assertThatThrownBy(factory::createConnection).isInstanceOf(JMSSecurityException.class);
    }

    @Test
    void aClientThatExpectsAnotherCertificateDoesNotConnect() throws Exception {
        X509Certificate other =
                RunCertificate.make(Clock.systemUTC(), new SecureRandom()).certificate();

        assertThatThrownBy(() -> tls(other).createConnection(accounts.user(), accounts.password()))
                .isInstanceOf(JMSException.class)
                .isNotInstanceOf(JMSSecurityException.class);
    }

    @Test
    void aClientWithoutTlsIsRejected() {
        ActiveMQConnectionFactory plain = factory(Map.of());
        plain.setCallTimeout(2_000); // it waits for an answer, which is TLS

        assertThatThrownBy(() -> plain.createConnection(accounts.user(), accounts.password()))
                .isInstanceOf(JMSException.class)
                .isNotInstanceOf(JMSSecurityException.class);
    }

    @Test
    void versionsBeforeTls13AreRejected() throws Exception {
        try (SSLSocket socket = handshake("TLSv1.3")) {
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
        }
        assertThatThrownBy(() -> handshake("TLSv1.2"))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("protocol_version");
    }

    @Test
    void theBrokerListensOnOneAddressAndAnotherPortThanOnLoopback() throws IOException {
        assertThat(port).isBetween(PORTS.first(), PORTS.last()).isNotEqualTo(broker.port());
        assertThat(broker.listen(address)).isEqualTo(port);
        try (ServerSocket elsewhere = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.3"))) {
            assertThat(elsewhere.isBound())
                    .as("the port is free on other addresses")
                    .isTrue();
        }
        assertThatThrownBy(() -> broker.listen(InetAddress.getByName("0.0.0.0")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSecondAddressHasTheSameCertificate() throws Exception {
        X509Certificate first = broker.certificate();
        address = InetAddress.getByName("127.0.0.3");
        port = broker.listen(address);

        tls(first).createConnection(accounts.user(), accounts.password()).close();
    }

    @Test
    void ifNoPortIsFreeTheErrorNamesTheAddress() {
        PortRange one = new PortRange(PORTS.last() + 1, 1);
        try (EmbeddedBroker narrow =
                EmbeddedBroker.start(one, directory.resolve("narrow"), Queues.of("r2"), (node, why) -> {})) {
            assertThatThrownBy(() -> narrow.listen(address))
                    .isInstanceOf(WrongInput.class)
                    .hasMessageContaining("no port is free on 127.0.0.2: port " + one.first())
                    .hasMessageContaining("--port-count");
        }
    }

    @Test
    void theKeyIsInNoFile() throws Exception {
        try (Stream<Path> files = Files.walk(directory)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void theCertificateIsValidFromADayAgoEvenAfter2049() throws Exception {
        Instant now = Instant.parse("2049-06-01T00:00:00Z");

        X509Certificate certificate = RunCertificate.make(Clock.fixed(now, ZoneOffset.UTC), new SecureRandom())
                .certificate();

        assertThat(certificate.getNotBefore().toInstant()).isEqualTo(now.minus(Duration.ofDays(1)));
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo(now.plus(Duration.ofDays(365)));
        assertThat(certificate.getSigAlgName()).isEqualTo("SHA256withECDSA");
        assertThat(certificate.getSerialNumber()).isPositive();
        assertThat(RunCertificate.make(Clock.fixed(now, ZoneOffset.UTC), new SecureRandom())
                        .certificate())
                .isNotEqualTo(certificate);
    }
}
