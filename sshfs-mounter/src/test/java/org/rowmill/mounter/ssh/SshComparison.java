package org.rowmill.mounter.ssh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.rowmill.mounter.NodeFault;
import org.rowmill.schemas.Threads;

/** SSH servers, an agent and an SSH directory, with which ssh and Rowmill log in. For one thread. */
final class SshComparison implements AutoCloseable {

    private static final String ME = System.getProperty("user.name");
    private static final Pattern USER = Pattern.compile("(?:Accepted publickey for|Invalid user) (\\S+)");

    /** What all configurations end with: nothing of the computer's own configuration counts. */
    private static final String COMMON = """
            Host *
             IdentityAgent none
             UserKnownHostsFile HOME/known_hosts
             GlobalKnownHostsFile /dev/null
             UpdateHostKeys no
            """;

    private final Path directory;
    private final Map<String, TestSshd> servers = new LinkedHashMap<>();
    private final Process agent;
    private final Path socket;

    /** A login. */
    record Attempt(boolean succeeds, String output, List<String> users, int knownHosts) {}

    private SshComparison(Path directory) throws IOException {
        this.directory = directory;
        Path files = Files.createDirectory(directory.resolve("template"));
        TestSshd.keygen(directory.resolve("ca"), "ed25519", "");
        for (String name : new String[] {"id_ed25519", "held", "other", "certified", "plain", "readable", "agent-ca"}) {
            TestSshd.keygen(files.resolve(name), "ed25519", "");
        }
        TestSshd.keygen(files.resolve("locked"), "ed25519", "secret words");
        TestSshd.run(
                "ssh-keygen",
                "-q",
                "-t",
                "rsa",
                "-m",
                "PEM",
                "-N",
                "",
                "-f",
                file("id_rsa").toString());
        sign(file("certified.pub"));
        sign(file("agent-ca.pub"));
        sign(file("plain.pub"));
        Files.move(file("plain-cert.pub"), file("for-plain.pub"));
        socket = directory.resolve("agent");
        agent = new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        startServers();
        addToAgent("held");
        addToAgent("agent-ca");
    }

    static SshComparison start(Path directory) throws IOException {
        return new SshComparison(directory);
    }

    private Path file(String name) {
        return directory.resolve("template").resolve(name);
    }

    private void sign(Path publicKey) {
        TestSshd.run("ssh-keygen", "-q", "-s", ca(), "-I", "id", "-n", ME, publicKey.toString());
    }

    private void startServers() throws IOException {
        start("PORT");
        start("BEHIND");
        start("CHACHA", "Ciphers chacha20-poly1305@openssh.com");
        start("SNTRUP", "KexAlgorithms sntrup761x25519-sha512@openssh.com");
        start("OLD", "Ciphers aes256-cbc", "KexAlgorithms diffie-hellman-group14-sha1", "MACs hmac-sha1");
        Path hostKey = directory.resolve("host");
        TestSshd.keygen(hostKey, "ecdsa", "");
        String names = "127.0.0.1,localhost";
        TestSshd.run("ssh-keygen", "-q", "-h", "-s", ca(), "-I", "host", "-n", names, hostKey + ".pub");
        start("CERTIFIED", "HostKey " + hostKey, "HostCertificate " + hostKey + "-cert.pub");
    }

    private String ca() {
        return directory.resolve("ca").toString();
    }

    private void start(String name, String... options) throws IOException {
        Path own = Files.createDirectory(directory.resolve(name));
        List<String> all = new ArrayList<>(List.of(options));
        all.add("TrustedUserCAKeys " + directory.resolve("ca.pub"));
        TestSshd server = TestSshd.configured(own, all.toArray(String[]::new));
        servers.put(name, server);
        try (var keys = Files.newBufferedWriter(own.resolve("authorized_keys"), StandardOpenOption.APPEND)) {
            for (String accepted : new String[] {"id_ed25519", "held", "readable", "locked", "id_rsa"}) {
                keys.write(Files.readString(file(accepted + ".pub")));
            }
        }
    }

    private void addToAgent(String name) throws IOException {
        Awaitility.await().until(() -> Files.exists(socket));
        ProcessBuilder add = new ProcessBuilder("ssh-add", "-q", file(name).toString()).redirectErrorStream(true);
        add.environment().put("SSH_AUTH_SOCK", socket.toString());
        Process process = add.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IllegalStateException(output);
        }
        Files.delete(file(name));
    }

    private Path home() {
        return directory.resolve("home");
    }

    Attempt bySsh(SshCase one) throws IOException, InterruptedException {
        prepare(one);
        List<String> command =
                new ArrayList<>(List.of("ssh", "-F", home().resolve("config").toString(), "-o", "BatchMode=yes"));
        one.user().ifPresent(user -> command.addAll(List.of("-l", fill(user))));
        command.addAll(List.of("n1", "true"));
        Map<String, Integer> before = logLengths();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        Threads.startDaemon("ssh-limit", () -> destroyLater(process));
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return attempt(process.waitFor() == 0, output, before);
    }

    private static void destroyLater(Process process) {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Attempt byRowmill(SshCase one) throws IOException, InterruptedException {
        prepare(one);
        Map<String, Integer> before = logLengths();
        SshCase filled = one.user().map(user -> one.as(fill(user))).orElse(one);
        SshSettings settings = new SshSettings(HostKeys.CONFIGURED, home(), Duration.ofSeconds(60));
        try (SshSession session = SshSession.connect(filled.node(), settings)) {
            return attempt(true, session.hostKeyInfo() + " " + session.notes(), before);
        } catch (NodeFault e) {
            return attempt(false, e.step() + ": " + e.getMessage() + ". " + e.fix(), before);
        }
    }

    private Attempt attempt(boolean succeeds, String output, Map<String, Integer> before) throws IOException {
        TreeSet<String> users = new TreeSet<>();
        servers.forEach((name, server) -> USER.matcher(server.logged().substring(before.getOrDefault(name, 0)))
                .results()
                .forEach(found -> users.add(name + " " + found.group(1))));
        int lines = Files.readAllLines(home().resolve("known_hosts")).size();
        return new Attempt(succeeds, output, List.copyOf(users), lines);
    }

    private Map<String, Integer> logLengths() {
        Map<String, Integer> lengths = new LinkedHashMap<>();
        servers.forEach((name, server) -> lengths.put(name, server.logged().length()));
        return lengths;
    }

    /** Makes the SSH directory of a case anew. */
    private void prepare(SshCase one) throws IOException {
        if (Files.exists(home())) {
            try (Stream<Path> old = Files.walk(home())) {
                for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        Files.createDirectory(home());
        try (Stream<Path> template = Files.list(directory.resolve("template"))) {
            for (Path path : template.toList()) {
                Files.copy(path, home().resolve(path.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        Files.setPosixFilePermissions(home().resolve("readable"), PosixFilePermissions.fromString("rw-r--r--"));
        write(
                "known_hosts",
                String.join(
                        "",
                        servers.keySet().stream()
                                .map(name -> "[127.0.0.1]:" + name + " " + key(server(name)) + "\n")
                                .toList()));
        for (Map.Entry<String, String> file : one.files().entrySet()) {
            write(file.getKey(), file.getKey().equals("config") ? file.getValue() + COMMON : file.getValue());
        }
    }

    private void write(String name, String text) throws IOException {
        Path path = home().resolve(
                        name.replace("PORT", String.valueOf(server("PORT").port())));
        Files.createDirectories(path.getParent());
        if (text.startsWith("FILE ")) {
            Files.copy(file(text.substring(5)), path, StandardCopyOption.COPY_ATTRIBUTES);
        } else {
            Files.writeString(TestSshd.secret(touched(path)), fill(text), StandardCharsets.ISO_8859_1);
        }
    }

    private static Path touched(Path path) throws IOException {
        return Files.exists(path) ? path : Files.createFile(path);
    }

    private String fill(String text) {
        String filled = text.replace("PORT=PORT", "port=PORT")
                .replace("HOME", home().toString())
                .replaceAll("\\bME\\b", ME);
        filled = filled.replace("AGENT", socket.toString())
                .replace("PLAINKEY", key(server("PORT")))
                .replace("OTHERKEY", key(file("other.pub")))
                .replace("CAKEY", key(directory.resolve("ca.pub")));
        for (Map.Entry<String, TestSshd> server : servers.entrySet()) {
            filled = filled.replaceAll(
                    "\\b" + server.getKey() + "\\b",
                    String.valueOf(server.getValue().port()));
        }
        return filled;
    }

    private static String key(TestSshd server) {
        return key(Path.of(server.hostKey("ed25519") + ".pub"));
    }

    private static String key(Path publicKey) {
        try {
            String[] words = Files.readString(publicKey).split(" ");
            return words[0] + " " + words[1].strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TestSshd server(String name) {
        return Objects.requireNonNull(servers.get(name), name);
    }

    @Override
    public void close() {
        agent.destroy();
        agent.onExit().join();
        servers.values().forEach(TestSshd::close);
    }
}
