package org.rowmill.consumer.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.broker.Credentials;
import org.rowmill.broker.EmbeddedBroker;
import org.rowmill.broker.PortRange;
import org.rowmill.consumer.connection.BrokerLink;
import org.rowmill.consumer.work.Samples;
import org.rowmill.schemas.model.TableModel;
import org.rowmill.schemas.protocol.ConsumerExit;
import org.rowmill.schemas.protocol.ConsumerSettings;
import org.rowmill.schemas.protocol.Heartbeat;
import org.rowmill.schemas.protocol.HeldRow;
import org.rowmill.schemas.protocol.MessageCodec;
import org.rowmill.schemas.protocol.Queues;
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.schemas.protocol.RowMessage;

/** A consumer in its own JVM, with a real broker, as the head starts it. */
@Tag("slow")
class ConsumerProcessTest {

    private static final PortRange PORTS = new PortRange(22_000, 500);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** The documentation promises this limit. */
    private static final Duration END_LIMIT = Duration.ofSeconds(2);

    private static final String RUN = "r1";
    private static final Queues QUEUES = Queues.of(RUN);

    @TempDir
    private Path directory;

    private EmbeddedBroker broker;
    private Credentials credentials;
    private Connection head;
    private Session session;

    @SuppressWarnings("NullAway.Init") // each test starts it
    private Process process;

    @BeforeEach
    void startBroker() throws JMSException {
        broker = EmbeddedBroker.start(PORTS, directory.resolve("broker"), QUEUES, (node, why) -> {});
        credentials = broker.admit(
                "here",
                Map.of(
                        QUEUES.results(), codec(Samples.Powers.class).beginningOfResults("here"),
                        QUEUES.nodes(), Heartbeat.beginning("here")));
        head = broker.local().createConnection();
        head.start();
        session = head.createSession();
    }

    @AfterEach
    void stopAll() throws JMSException, InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
        head.close();
        broker.close();
    }

    private void start(Class<?> table, Path... libraries) throws IOException {
        start(settings(table, libraries));
    }

    private ConsumerSettings settings(Class<?> table, Path... libraries) {
        List<Path> classPath = new ArrayList<>(List.of(libraries));
        classPath.add(Path.of("target/test-classes").toAbsolutePath());
        return new ConsumerSettings(
                RUN,
                "here",
                new ConsumerSettings.BrokerAccess(
                        "127.0.0.1", broker.port(), credentials.user(), credentials.password(), Optional.empty()),
                new ConsumerSettings.Project(directory, classPath, List.of(table.getName())),
                new ConsumerSettings.Slots(2, directory.resolve("in-hand")),
                OptionalInt.empty());
    }

    private void start(ConsumerSettings settings) throws IOException {
        process = launch();
        settings.writeTo(process.getOutputStream());
    }

    private Process launch() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Consumer.class.getName())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    private String log() {
        try {
            return Files.readString(directory.resolve("log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void publish(Class<?> table, long rows) throws JMSException {
        MessageCodec codec = codec(table);
        MessageProducer producer = session.createProducer(session.createQueue(QUEUES.rows()));
        producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
        for (long row = 0; row < rows; row++) {
            BytesMessage message = session.createBytesMessage();
            message.writeBytes(
                    codec.encode(new RowMessage(0, row, -row, 1, false, List.of((int) row), List.of(), Map.of())));
            producer.send(message);
        }
    }

    private static MessageCodec codec(Class<?> table) {
        return new MessageCodec(RUN, List.of(TableModel.of(table).schema()));
    }

    private Map<Long, ResultMessage> results(Class<?> table, int count) throws JMSException, IOException {
        Map<Long, ResultMessage> results = new TreeMap<>();
        try (MessageConsumer consumer = session.createConsumer(session.createQueue(QUEUES.results()))) {
            for (int i = 0; i < count; i++) {
                BytesMessage message = (BytesMessage) consumer.receive(LIMIT.toMillis());
                assertThat(message)
                        .as("result %d of %d; log: %s", i, count, log())
                        .isNotNull();
                ResultMessage result = codec(table).decodeResult(BrokerLink.body(message));
                assertThat(results.put(result.row(), result))
                        .as("a second result")
                        .isNull();
            }
        }
        return results;
    }

    private int exitCode(Duration limit) throws InterruptedException {
        assertThat(process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS))
                .as("ends within %s; log: %s", limit, log())
                .isTrue();
        return process.exitValue();
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    @Test
    void everyRowIsAnsweredOnce() throws Exception {
        publish(Samples.Powers.class, 3_000);
        start(Samples.Powers.class);

        Map<Long, ResultMessage> results = results(Samples.Powers.class, 3_000);

        assertThat(results.keySet())
                .containsExactlyElementsOf(LongStream.range(0, 3_000).boxed().toList());
        assertThat(results.values()).allSatisfy(result -> {
            assertThat(result.values().get(1)).isEqualTo(result.row() * result.row() * result.row());
            assertThat(result.node()).isEqualTo("here");
            assertThat(result.token()).isEqualTo(-result.row());
        });
        await().atMost(LIMIT).until(() -> broker.depth(QUEUES.rows()) == 0);
    }

    private ConsumerSettings direct(X509Certificate pinned) throws IOException {
        InetAddress address = InetAddress.getByName("127.0.0.2"); // the broker accepts only TLS here
        ConsumerSettings loopback = settings(Samples.Powers.class);
        return new ConsumerSettings(
                RUN,
                "here",
                new ConsumerSettings.BrokerAccess(
                        address.getHostAddress(),
                        broker.listen(address),
                        credentials.user(),
                        credentials.password(),
                        Optional.of(pinned)),
                loopback.project(),
                loopback.slots(),
                OptionalInt.empty());
    }

    @Test
    void rowsArriveByTlsIfACertificateIsGiven() throws Exception {
        publish(Samples.Powers.class, 300);
        start(direct(broker.certificate()));

        assertThat(results(Samples.Powers.class, 300)).hasSize(300);
    }

    @Test
    void aBrokerWithAnotherCertificateGetsNoPassword() throws Exception {
        try (EmbeddedBroker other =
                EmbeddedBroker.start(PORTS, directory.resolve("other"), QUEUES, (node, why) -> {})) {
            start(direct(other.certificate()));

            assertThat(exitCode(LIMIT)).isEqualTo(ConsumerExit.BROKER_LOST.code());
            assertThat(log()).contains("the broker at 127.0.0.2:", "cannot be reached");
        }
    }

    @Test
    void heartbeatsDescribeTheConsumer() throws Exception {
        start(Samples.Powers.class);

        MessageConsumer nodes = session.createConsumer(session.createQueue(QUEUES.nodes()));
        Heartbeat heartbeat = Heartbeat.decode(BrokerLink.body(nodes.receive(LIMIT.toMillis())));

        assertThat(heartbeat.heapBytes()).isPositive();
        assertThat(heartbeat).isEqualTo(new Heartbeat("here", process.pid(), 2, List.of(), 0, -1, 0, heartbeat.heapBytes()));
    }

    @Test
    void linesThatRowsPrintHaveTableAndIndexAsPrefix() throws Exception {
        publish(Samples.Chatty.class, 2);
        start(Samples.Chatty.class);
        results(Samples.Chatty.class, 2);

        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(log().lines())
                        .contains(
                                "[Chatty 0] printed by 0",
                                "[Chatty 1] unfinished by 1",
                                "[Chatty 1] child of 1",
                                "[Chatty 0] WARNING " + Samples.Chatty.class.getName() + ": logged by 0"));
    }

    @Test
    void itEndsWithItsStandardInputEvenIfAColumnIsStuck() throws Exception {
        publish(Samples.Stuck.class, 1);
        start(Samples.Stuck.class);
        await().atMost(LIMIT).until(() -> log().contains("begun"));

        process.getOutputStream().close();

        assertThat(exitCode(END_LIMIT)).isZero();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(broker.depth(QUEUES.rows()))
                        .as("the row returns to the queue")
                        .isEqualTo(1));
    }

    @Test
    void anIdleConsumerEndsWithItsStandardInput() throws Exception {
        publish(Samples.Powers.class, 1);
        start(Samples.Powers.class);
        results(Samples.Powers.class, 1);

        process.getOutputStream().close();

        assertThat(exitCode(END_LIMIT)).isZero();
    }

    @Test
    void itEndsIfTheBrokerIsLost() throws Exception {
        publish(Samples.Powers.class, 1);
        start(Samples.Powers.class);
        results(Samples.Powers.class, 1);

        head.close();
        broker.close();

        assertThat(exitCode(Duration.ofSeconds(20))).isEqualTo(ConsumerExit.BROKER_LOST.code());
        assertThat(log()).contains("broker");
    }

    @Test
    void theFileNamesTheRowThatAKilledConsumerComputed() throws Exception {
        publish(Samples.Stuck.class, 1);
        start(Samples.Stuck.class);
        await().atMost(LIMIT).until(() -> log().contains("begun"));

        process.destroyForcibly().waitFor();

        assertThat(HeldRow.read(Files.readAllBytes(directory.resolve("in-hand"))))
                .extracting(HeldRow::number)
                .containsExactly(0L);
    }

    @Test
    void runningOutOfMemoryEndsTheProcessWithItsOwnExitCode() throws Exception {
        publish(Samples.Hungry.class, 1);
        start(Samples.Hungry.class);

        assertThat(exitCode(LIMIT)).isEqualTo(ConsumerExit.OUT_OF_MEMORY.code());
    }

    @Test
    void anInterruptFromTheKeyboardIsIgnored() throws Exception {
        publish(Samples.Powers.class, 1);
        start(Samples.Powers.class);
        results(Samples.Powers.class, 1);

        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        publish(Samples.Powers.class, 10);

        assertThat(results(Samples.Powers.class, 10)).hasSize(10);
    }

    @Test
    void theLoggingConfigurationOfTheProjectIsIgnored() throws Exception {
        Path noisy = Files.createDirectories(directory.resolve("noisy"));
        Files.writeString(noisy.resolve("logback.xml"), """
            <configuration>
              <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
                <encoder><pattern>noise %msg%n</pattern></encoder>
              </appender>
              <root level="TRACE"><appender-ref ref="OUT"/></root>
            </configuration>
            """);
        Files.copy(noisy.resolve("logback.xml"), directory.resolve("logback.xml"));
        publish(Samples.Powers.class, 100);
        start(Samples.Powers.class, noisy);

        results(Samples.Powers.class, 100);

        assertThat(log()).doesNotContain("noise", "DEBUG");
    }

    @Test
    void thePasswordIsNotInCommandLineOrEnvironment() throws Exception {
        publish(Samples.Powers.class, 1);
        start(Samples.Powers.class);
        results(Samples.Powers.class, 1);

        for (String file : List.of("cmdline", "environ")) {
            String text =
                    Files.readString(Path.of("/proc", Long.toString(process.pid()), file), StandardCharsets.ISO_8859_1);
            assertThat(text).doesNotContain(credentials.password()).doesNotContain(credentials.user());
        }
        assertThat(log()).doesNotContain(credentials.password());
    }

    @Test
    void invalidSettingsAreRejected() throws Exception {
        process = launch();
        try (OutputStream input = process.getOutputStream()) {
            input.write("hello\n".getBytes(StandardCharsets.US_ASCII));
        }

        assertThat(exitCode(LIMIT)).isEqualTo(ConsumerExit.WRONG_INPUT.code());
        assertThat(log()).contains("the settings of a consumer were expected on standard input");
    }

    @Test
    void programsOfARowAreMeasuredAndEndWithTheRow() throws Exception {
        publish(Samples.Programs.class, 1);
        start(Samples.Programs.class);

        ResultMessage result = results(Samples.Programs.class, 1).get(0L);

        assertThat(result).isNotNull();
        assertThat(result.failures()).isEmpty();
        assertThat(result.values().get(0)).isEqualTo("3 out err true true");
        long left = (long) Optional.ofNullable(result.values().get(1)).orElseThrow();
        await().atMost(LIMIT).until(() -> !isAlive(left));
        assertThat(Path.of(String.valueOf(result.values().get(2)))).isAbsolute().doesNotExist();
    }

    @Test
    void programsAndScratchDirectoriesOfAKilledConsumerAreRemoved() throws Exception {
        publish(Samples.Waiting.class, 1);
        start(Samples.Waiting.class);
        Path scratch = Path.of(System.getProperty("java.io.tmpdir")).resolve("rowmill-" + RUN + "-" + process.pid());
        await().atMost(LIMIT).until(() -> hasBegun(scratch));
        List<ProcessHandle> programs = process.descendants().toList();
        assertThat(programs).isNotEmpty();

        process.destroyForcibly().waitFor();

        await().atMost(LIMIT).until(() -> programs.stream().noneMatch(ProcessHandle::isAlive));
        await().atMost(LIMIT).until(() -> !Files.exists(scratch));
    }

    private static boolean hasBegun(Path scratch) {
        if (!Files.exists(scratch)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(scratch)) {
            return files.anyMatch(file -> file.endsWith("begun"));
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }
}
