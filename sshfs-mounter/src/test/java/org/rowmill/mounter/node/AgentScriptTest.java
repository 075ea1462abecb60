package org.rowmill.mounter.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.schemas.Threads;
import org.rowmill.schemas.world.Variable;
import org.rowmill.schemas.world.World;

/** Runs {@code agent.sh} on this computer, with {@code cat} as a consumer that ends when its input ends. */
@Timeout(60)
class AgentScriptTest {

    private static final String HEARTBEAT_TIMEOUT_SECONDS = "2";

    @TempDir
    private Path home;

    private final List<Process> agents = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // start sets it
    private Process agent;

    @SuppressWarnings("NullAway.Init") // start sets it
    private PrintStream in;

    @SuppressWarnings("NullAway.Init") // start sets it
    private BufferedReader out;

    @BeforeEach
    void copyScript() throws IOException {
        try (InputStream source = NodeScripts.agent().source().open()) {
            Files.write(home.resolve("agent.sh"), source.readAllBytes());
        }
    }

    private Process agent(String name, String boot, String seat) throws IOException {
        Process started = new ProcessBuilder(
                        "sh", home.resolve("agent.sh").toString(), name, HEARTBEAT_TIMEOUT_SECONDS, boot, seat)
                .directory(home.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        agents.add(started);
        return started;
    }

    private void start(Process started) throws IOException {
        agent = started;
        in = new PrintStream(agent.getOutputStream(), true, StandardCharsets.UTF_8);
        out = agent.inputReader(StandardCharsets.UTF_8);
        in.println("token T");
        assertThat(out.readLine()).isEqualTo("T ready");
    }

    private void startConsumer() throws IOException {
        start(agent("test", "boot", "seat"));
        List.of(". 1", "in " + home, "arg cat", "start").forEach(in::println);
        assertThat(out.readLine()).startsWith("T started ");
    }

    @AfterEach
    void end() throws InterruptedException {
        for (Process started : agents) {
            try (OutputStream input = started.getOutputStream()) {
                input.flush();
            } catch (IOException e) {
                assertThat(started.isAlive()).isFalse();
            }
            assertThat(started.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private void keepSendingHeartbeats() {
        Threads.startDaemon("test-heartbeats", () -> {
            for (int i = 2; agent.isAlive(); i++) {
                in.println(". " + i);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            }
        });
    }

    /** The consumer is a shell that prints what it finds. */
    @Test
    void aConsumerEntersTheWorldOfTheHead() throws IOException {
        start(agent("test", "boot", "seat"));
        keepSendingHeartbeats();
        World world = new World(
                List.of(), Map.of("LC_ALL", "C.UTF-8", "TZ", "Asia/Tokyo", "TOKEN", "a 'b' \"c\"\n größe"), "0027");

        in.println("in " + home);
        in.println("umask " + world.umask());
        world.lines().forEach(line -> in.println("env " + line));
        List.of(
                        "arg sh",
                        "arg -c",
                        "arg umask; date +%Z; locale charmap; echo ${LANG-none}; printf %s \"$TOKEN\"; echo; cat",
                        "start")
                .forEach(in::println);

        assertThat(out.readLine()).startsWith("T started ");
        List<String> lines = new ArrayList<>();
        while (lines.size() < 6) {
            lines.add(out.readLine());
        }
        assertThat(lines).containsExactly("0027", "JST", "UTF-8", "none", "a 'b' \"c\"", " größe");
    }

    @Test
    void whatANodeLacksIsReported() throws IOException {
        start(agent("test", "boot", "seat"));
        keepSendingHeartbeats();

        List.of("in " + home, "env LC_ALL xx_XX.UTF-8", "env TZ Moon/Base", "arg cat", "start")
                .forEach(in::println);

        assertThat(out.readLine()).matches("T locale xx_XX.UTF-8 C.(UTF-8|utf8)");
        assertThat(out.readLine()).isEqualTo("T zone Moon/Base");
        assertThat(out.readLine()).startsWith("T started ");
    }

    /** A variable of the user with the name of a variable of the script would replace it. */
    @Test
    void noVariableOfTheUserHasANameThatTheScriptUses() throws IOException {
        String script = Files.readString(home.resolve("agent.sh")).replaceAll("(?m)^ *#.*$", "");
        Set<String> names = Pattern.compile("(?m)(?:^|[\\s;&({])([a-z_]+)=|for ([a-z_]+) in ")
                .matcher(script)
                .results()
                .map(found -> Objects.requireNonNullElse(found.group(1), found.group(2)))
                .collect(Collectors.toCollection(TreeSet::new));
        Pattern.compile("read -r ([a-z_ ]+)")
                .matcher(script)
                .results()
                .forEach(found -> names.addAll(List.of(found.group(1).strip().split(" +"))));

        assertThat(names).contains("state", "token", "line", "left_boot");
        assertThat(names)
                .allSatisfy(name -> assertThatThrownBy(() -> Variable.parse(name + "=1"))
                        .hasMessageContaining("the shell on nodes uses '" + name + "' itself"));
    }

    @Test
    void aConsumerThatTheHeadKillsIsReportedWithItsSignal() throws IOException {
        startConsumer();

        in.println("kill");

        assertThat(out.readLine()).isEqualTo("T ended 137 ");
    }

    @Test
    void aConsumerThatTheAgentEndsBecauseTheHeadIsGoneIsNotReported() throws IOException {
        startConsumer();

        // The test is a head that is frozen: no heartbeat follows, but the connection stays open.
        assertThat(out.lines()).isEmpty();
    }

    /** Several machines may have one home. */
    @Nested
    class LeftoversOf {

        @Test
        void aKilledAgentAreRemoved() throws IOException {
            leave(".old", "boot", "seat");
            leave(".booted", "earlier", "seat");

            start(agent("test", "boot", "seat"));

            assertThat(state()).containsExactlyInAnyOrder("test", ".test");
        }

        @Test
        void anAgentThatIsAliveStay() throws IOException {
            start(agent("first", "boot", "seat"));

            start(agent("second", "boot", "seat"));

            assertThat(state()).containsExactlyInAnyOrder("first", ".first", "second", ".second");
        }

        /** The process id in the file is that of a process of this machine, which has nothing to do with it. */
        @Test
        void anotherMachineStayWhileItSendsHeartbeats() throws IOException, InterruptedException {
            Path other = leave(".other", "elsewhere", "there");
            Files.writeString(other.resolve("agent"), ProcessHandle.current().pid() + "\n");
            Path unnamed = leave(".unnamed", "", "");
            Files.delete(unnamed.resolve("machine"));
            Path dead = leave(".dead", "nowhere", "there");
            Files.delete(dead.resolve("agent"));
            Files.writeString(dead.resolve("agent"), "1\n");

            start(agent("test", "boot", "seat"));

            await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
                in.println(". " + System.nanoTime());
                Files.writeString(other.resolve("heartbeat"), System.nanoTime() + "\n");
                assertThat(state()).containsExactlyInAnyOrder("test", ".test", ".other");
            });
        }

        private Path leave(String name, String boot, String seat) throws IOException {
            Path state = Files.createDirectories(home.resolve(".rowmill-remote").resolve(name));
            Files.writeString(state.resolve("machine"), boot + " " + seat + "\n");
            Files.writeString(state.resolve("heartbeat"), "7\n");
            Files.writeString(state.resolve("agent"), "999999\n");
            return state;
        }

        private List<String> state() {
            String[] names = home.resolve(".rowmill-remote").toFile().list();
            return names == null ? List.of() : List.of(names);
        }
    }
}
