package org.rowmill.consumer.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.rowmill.consumer.process.RunningConsumer.LIMIT;
import static org.rowmill.consumer.process.RunningConsumer.PORTS;
import static org.rowmill.consumer.process.RunningConsumer.QUEUES;
import static org.rowmill.consumer.process.RunningConsumer.RUN;

import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.broker.EmbeddedBroker;
import org.rowmill.consumer.connection.BrokerLink;
import org.rowmill.consumer.work.Samples;
import org.rowmill.schemas.protocol.ConsumerExit;
import org.rowmill.schemas.protocol.ConsumerSettings;
import org.rowmill.schemas.protocol.Heartbeat;
import org.rowmill.schemas.protocol.HeldRow;
import org.rowmill.schemas.protocol.ResultMessage;

/** A consumer in its own JVM, with a real broker, as the head starts it. */
@Tag("slow")
class ConsumerProcessTest {

    /** The documentation promises this limit. */
    private static final Duration END_LIMIT = Duration.ofSeconds(2);

    @TempDir
    private Path directory;

    private RunningConsumer consumer;

    @BeforeEach
    void startBroker() throws JMSException {
        consumer = new RunningConsumer(directory);
    }

    @AfterEach
    void stopAll() throws JMSException {
        consumer.close();
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    @Test
    void everyRowIsAnsweredOnce() throws Exception {
        consumer.publish(Samples.Powers.class, 3_000);
        consumer.start(Samples.Powers.class);

        Map<Long, ResultMessage> results = consumer.results(Samples.Powers.class, 3_000);

        assertThat(results.keySet())
                .containsExactlyElementsOf(LongStream.range(0, 3_000).boxed().toList());
        assertThat(results.values()).allSatisfy(result -> {
            assertThat(result.values().get(1)).isEqualTo(result.row() * result.row() * result.row());
            assertThat(result.node()).isEqualTo("here");
            assertThat(result.token()).isEqualTo(-result.row());
        });
        await().atMost(LIMIT).until(() -> consumer.broker().depth(QUEUES.rows()) == 0);
    }

    private ConsumerSettings direct(X509Certificate pinned) throws IOException {
        InetAddress address = InetAddress.getByName("127.0.0.2"); // the broker accepts only TLS here
        ConsumerSettings loopback = consumer.settings(Samples.Powers.class);
        return new ConsumerSettings(
                RUN,
                "here",
                new ConsumerSettings.BrokerAccess(
                        address.getHostAddress(),
                        consumer.broker().listen(address),
                        consumer.credentials().user(),
                        consumer.credentials().password(),
                        Optional.of(pinned)),
                loopback.project(),
                loopback.slots(),
                OptionalInt.empty());
    }

    @Test
    void rowsArriveByTlsIfACertificateIsGiven() throws Exception {
        consumer.publish(Samples.Powers.class, 300);
        consumer.start(direct(consumer.broker().certificate()));

        assertThat(consumer.results(Samples.Powers.class, 300)).hasSize(300);
    }

    @Test
    void aBrokerWithAnotherCertificateGetsNoPassword() throws Exception {
        try (EmbeddedBroker other =
                EmbeddedBroker.start(PORTS, directory.resolve("other"), QUEUES, (node, why) -> {})) {
            consumer.start(direct(other.certificate()));

            assertThat(consumer.exitCode(LIMIT)).isEqualTo(ConsumerExit.BROKER_LOST.code());
            assertThat(consumer.log()).contains("the broker at 127.0.0.2:", "cannot be reached");
        }
    }

    @Test
    void heartbeatsDescribeTheConsumer() throws Exception {
        consumer.start(Samples.Powers.class);

        MessageConsumer nodes =
                consumer.session().createConsumer(consumer.session().createQueue(QUEUES.nodes()));
        Heartbeat heartbeat = Heartbeat.decode(BrokerLink.body(nodes.receive(LIMIT.toMillis())));

        assertThat(heartbeat.heapBytes()).isPositive();
        assertThat(heartbeat)
                .isEqualTo(
                        new Heartbeat("here", consumer.process().pid(), 2, List.of(), 0, -1, 0, heartbeat.heapBytes()));
    }

    @Test
    void linesThatRowsPrintHaveTableAndIndexAsPrefix() throws Exception {
        consumer.publish(Samples.Chatty.class, 2);
        consumer.start(Samples.Chatty.class);
        consumer.results(Samples.Chatty.class, 2);

        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(consumer.log().lines())
                        .contains(
                                "[Chatty 0] printed by 0",
                                "[Chatty 1] unfinished by 1",
                                "[Chatty 1] child of 1",
                                "[Chatty 0] WARNING " + Samples.Chatty.class.getName() + ": logged by 0"));
    }

    @Test
    void itEndsWithItsStandardInputEvenIfAColumnIsStuck() throws Exception {
        consumer.publish(Samples.Stuck.class, 1);
        consumer.start(Samples.Stuck.class);
        await().atMost(LIMIT).until(() -> consumer.log().contains("begun"));

        consumer.process().getOutputStream().close();

        assertThat(consumer.exitCode(END_LIMIT)).isZero();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(consumer.broker().depth(QUEUES.rows()))
                        .as("the row returns to the queue")
                        .isEqualTo(1));
    }

    @Test
    void anIdleConsumerEndsWithItsStandardInput() throws Exception {
        consumer.publish(Samples.Powers.class, 1);
        consumer.start(Samples.Powers.class);
        consumer.results(Samples.Powers.class, 1);

        consumer.process().getOutputStream().close();

        assertThat(consumer.exitCode(END_LIMIT)).isZero();
    }

    @Test
    void itEndsIfTheBrokerIsLost() throws Exception {
        consumer.publish(Samples.Powers.class, 1);
        consumer.start(Samples.Powers.class);
        consumer.results(Samples.Powers.class, 1);

        consumer.head().close();
        consumer.broker().close();

        assertThat(consumer.exitCode(Duration.ofSeconds(20))).isEqualTo(ConsumerExit.BROKER_LOST.code());
        assertThat(consumer.log()).contains("broker");
    }

    @Test
    void theFileNamesTheRowThatAKilledConsumerComputed() throws Exception {
        consumer.publish(Samples.Stuck.class, 1);
        consumer.start(Samples.Stuck.class);
        await().atMost(LIMIT).until(() -> consumer.log().contains("begun"));

        consumer.process().destroyForcibly().waitFor();

        assertThat(HeldRow.read(Files.readAllBytes(directory.resolve("in-hand"))))
                .extracting(HeldRow::number)
                .containsExactly(0L);
    }

    @Test
    void runningOutOfMemoryEndsTheProcessWithItsOwnExitCode() throws Exception {
        consumer.publish(Samples.Hungry.class, 1);
        consumer.start(Samples.Hungry.class);

        assertThat(consumer.exitCode(LIMIT)).isEqualTo(ConsumerExit.OUT_OF_MEMORY.code());
    }

    @Test
    void anInterruptFromTheKeyboardIsIgnored() throws Exception {
        consumer.publish(Samples.Powers.class, 1);
        consumer.start(Samples.Powers.class);
        consumer.results(Samples.Powers.class, 1);

        new ProcessBuilder("kill", "-INT", Long.toString(consumer.process().pid()))
                .start()
                .waitFor();
        consumer.publish(Samples.Powers.class, 10);

        assertThat(consumer.results(Samples.Powers.class, 10)).hasSize(10);
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
        consumer.publish(Samples.Powers.class, 100);
        consumer.start(Samples.Powers.class, noisy);

        consumer.results(Samples.Powers.class, 100);

        assertThat(consumer.log()).doesNotContain("noise", "DEBUG");
    }

    @Test
    void thePasswordIsNotInCommandLineOrEnvironment() throws Exception {
        consumer.publish(Samples.Powers.class, 1);
        consumer.start(Samples.Powers.class);
        consumer.results(Samples.Powers.class, 1);

        for (String file : List.of("cmdline", "environ")) {
            String text = Files.readString(
                    Path.of("/proc", Long.toString(consumer.process().pid()), file), StandardCharsets.ISO_8859_1);
            assertThat(text)
                    .doesNotContain(consumer.credentials().password())
                    .doesNotContain(consumer.credentials().user());
        }
        assertThat(consumer.log()).doesNotContain(consumer.credentials().password());
    }

    @Test
    void invalidSettingsAreRejected() throws Exception {
        consumer.launch();
        try (OutputStream input = consumer.process().getOutputStream()) {
            input.write("hello\n".getBytes(StandardCharsets.US_ASCII));
        }

        assertThat(consumer.exitCode(LIMIT)).isEqualTo(ConsumerExit.WRONG_INPUT.code());
        assertThat(consumer.log()).contains("the settings of a consumer were expected on standard input");
    }

    @Test
    void programsOfARowAreMeasuredAndEndWithTheRow() throws Exception {
        consumer.publish(Samples.Programs.class, 1);
        consumer.start(Samples.Programs.class);

        ResultMessage result = consumer.results(Samples.Programs.class, 1).get(0L);

        assertThat(result).isNotNull();
        assertThat(result.failures()).isEmpty();
        assertThat(result.values().get(0)).isEqualTo("3 out err true true");
        long left = (long) Optional.ofNullable(result.values().get(1)).orElseThrow();
        await().atMost(LIMIT).until(() -> !isAlive(left));
        assertThat(Path.of(String.valueOf(result.values().get(2)))).isAbsolute().doesNotExist();
    }

    @Test
    void programsAndScratchDirectoriesOfAKilledConsumerAreRemoved() throws Exception {
        consumer.publish(Samples.Waiting.class, 1);
        consumer.start(Samples.Waiting.class);
        Path scratch = Path.of(System.getProperty("java.io.tmpdir"))
                .resolve("rowmill-" + RUN + "-" + consumer.process().pid() + "-"
                        + Integer.toHexString("here".hashCode()));
        await().atMost(LIMIT).until(() -> hasBegun(scratch));
        List<ProcessHandle> programs = consumer.process().descendants().toList();
        assertThat(programs).isNotEmpty();

        consumer.process().destroyForcibly().waitFor();

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
