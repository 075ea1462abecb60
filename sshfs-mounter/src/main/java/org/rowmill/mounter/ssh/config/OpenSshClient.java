package org.rowmill.mounter.ssh.config;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.schemas.LocalCommand;

/** Asks OpenSSH for the options of a host: {@code ssh -G}. Nothing is connected. */
final class OpenSshClient {

    private final String program;
    private final UserHome home;
    private final Duration limit;

    /**
     * Makes a client.
     *
     * @param program name or path of the program {@code ssh}
     * @param limit for one answer
     */
    OpenSshClient(String program, UserHome home, Duration limit) {
        this.program = program;
        this.home = home;
        this.limit = limit;
    }

    /**
     * Returns the options of a host; empty if there is no program {@code ssh}, or one older than 6.8 without this
     * option.
     *
     * @throws NodeFault if ssh rejects the configuration, does not end, or cannot be asked
     */
    Optional<HostOptions> options(HostQuery query) throws NodeFault {
        LocalCommand.Ended ended;
        try (UserFile file = UserFile.of(home)) {
            List<String> command = new ArrayList<>(List.of(program, "-G", "-T"));
            command.addAll(file.arguments());
            command.addAll(query.arguments());
            ended = LocalCommand.run(command, limit);
        } catch (LocalCommand.TooSlow e) {
            throw new NodeFault(
                    ConnectionStep.RESOLVE,
                    "the SSH configuration of " + query.alias() + " cannot be read: " + e.getMessage(),
                    "Check the commands of Match exec in " + home.configFile() + ", and DNS: ssh -G " + query.alias());
        } catch (LocalCommand.CannotStart e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new NodeFault(
                    ConnectionStep.RESOLVE,
                    "ssh cannot be asked for the SSH configuration of " + query.alias() + ": " + e.getMessage(),
                    "Free disk space in the directory for temporary files, then run again");
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

    private static String reason(String errors) {
        String reason = errors.lines()
                .filter(line -> !line.startsWith("Pseudo-terminal") && !line.startsWith("Warning:"))
                .map(String::strip)
                .limit(3)
                .collect(Collectors.joining("; "));
        return reason.isEmpty() ? "it gives no reason" : reason;
    }
}
