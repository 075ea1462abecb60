package org.rowmill.mounter.ssh.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;

/** Asks OpenSSH for the options of a host: {@code ssh -G}. Nothing is connected. */
final class OpenSshClient {

    /** DNS (CanonicalizeHostname) and commands ({@code Match exec}) can take long. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static final Pattern INCLUDE = Pattern.compile("(\\s*include(?:\\s*=\\s*|\\s+))(.*)", Pattern.CASE_INSENSITIVE);

    private final String program;
    private final UserHome home;

    /**
     * Makes a client.
     *
     * @param program name or path of the program {@code ssh}
     */
    OpenSshClient(String program, UserHome home) {
        this.program = program;
        this.home = home;
    }

    /**
     * Returns the options of a host; empty if there is no program {@code ssh}, or one older than 6.8 without this
     * option.
     *
     * @throws NodeFault if ssh rejects the configuration, or does not end
     */
    Optional<HostOptions> options(HostQuery query) throws NodeFault {
        List<String> command = new ArrayList<>(List.of(program, "-G", "-T"));
        if (home.isElsewhere()) {
            command.addAll(List.of("-F", "/dev/stdin"));
        }
        command.addAll(query.arguments());
        LocalCommand.Ended ended;
        try {
            ended = LocalCommand.run(command, home.isElsewhere() ? userFile() : new byte[0], LIMIT);
        } catch (LocalCommand.ProgramTooSlow e) {
            throw new NodeFault(
                    ConnectionStep.RESOLVE,
                    "the SSH configuration of " + query.alias() + " cannot be read: " + e.getMessage(),
                    "Check the commands of Match exec in " + home.configFile() + ", and DNS: ssh -G " + query.alias());
        } catch (IOException e) {
            return Optional.empty();
        }
        if (ended.exitCode() == 0) {
            return Optional.of(HostOptions.ofLines(ended.out().lines()));
        }
        if (ended.err().contains("usage: ssh")) {
            return Optional.empty();
        }
        throw new NodeFault(
                ConnectionStep.RESOLVE,
                "ssh rejects the SSH configuration of " + query.alias() + ": " + reason(ended.err()),
                "Correct it until this command works: ssh -G " + query.alias());
    }

    private String reason(String errors) {
        String reason = errors.lines()
                .filter(line -> !line.startsWith("Pseudo-terminal") && !line.startsWith("Warning:"))
                .map(line -> line.strip().replaceFirst("^/dev/stdin", Matcher.quoteReplacement(home.configFile().toString())))
                .limit(3)
                .collect(Collectors.joining("; "));
        return reason.isEmpty() ? "it gives no reason" : reason;
    }

    /** Returns the user's file, with names that OpenSSH itself would look up in its own home directory made absolute. */
    private byte[] userFile() throws IOException {
        Path file = home.configFile();
        if (!Files.exists(file)) {
            return new byte[0];
        }
        // The bytes of comments in any encoding stay as they are.
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        return text.lines()
                .map(this::absolute)
                .collect(Collectors.joining("\n", "", "\n"))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private String absolute(String line) {
        Matcher matcher = INCLUDE.matcher(line);
        if (!matcher.matches()) {
            return line;
        }
        return matcher.group(1)
                + ConfigFile.words(decode(matcher.group(2))).stream()
                        .map(name -> "\"" + encode(home.directory().resolve(home.path(name)).toString()) + "\"")
                        .collect(Collectors.joining(" "));
    }

    private static String decode(String bytes) {
        return StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1))).toString();
    }

    private static String encode(String name) {
        return new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
