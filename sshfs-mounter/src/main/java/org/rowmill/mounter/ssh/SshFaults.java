package org.rowmill.mounter.ssh;

import com.jcraft.jsch.JSchAlgoNegoFailException;
import com.jcraft.jsch.JSchChangedHostKeyException;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.JSchRevokedHostKeyException;
import com.jcraft.jsch.JSchUnknownHostKeyException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Locale;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.mounter.ssh.config.Route;
import org.rowmill.mounter.ssh.config.SshTarget;

/** Makes the faults of connections and logins. */
final class SshFaults {

    private static final String FIREWALL =
            "Check that the node is on, and that no firewall between it and the head blocks this port.";

    private SshFaults() {}

    static NodeFault unknownName(String host) {
        return new NodeFault(
                ConnectionStep.RESOLVE,
                "no address is known for the name " + host,
                "Correct the name in the cluster file, or give an IP address or a Host of the SSH configuration.");
    }

    static NodeFault noAddressOfFamily(String host, Route.Family family) {
        return new NodeFault(
                ConnectionStep.RESOLVE,
                host + " has no address for AddressFamily " + family.name().toLowerCase(Locale.ROOT)
                        + " of the SSH configuration",
                "Correct AddressFamily, or give another address.");
    }

    static NodeFault noProxy(SshTarget target, String how) {
        return new NodeFault(
                ConnectionStep.CONNECT,
                "the ProxyCommand for " + target.alias() + " " + how,
                "Correct ProxyCommand in the SSH configuration until this works: ssh " + target.alias() + " true");
    }

    static NodeFault slowName(String host, Duration limit) {
        return new NodeFault(
                ConnectionStep.RESOLVE,
                "the name " + host + " was not resolved within " + text(limit),
                "Check DNS on the head, or give an IP address.");
    }

    static NodeFault noConnection(SshTarget target, IOException cause, Duration limit) {
        String where = target.host() + " port " + target.port();
        if (cause instanceof SocketTimeoutException) {
            return new NodeFault(ConnectionStep.CONNECT, where + " does not answer within " + text(limit), FIREWALL);
        }
        if (cause instanceof ConnectException) {
            return new NodeFault(
                    ConnectionStep.CONNECT,
                    where + ": " + cause.getMessage(),
                    "Start sshd there (systemctl start ssh, or sshd), or give its port in column ssh_port.");
        }
        return new NodeFault(ConnectionStep.CONNECT, where + ": " + cause.getMessage(), FIREWALL);
    }

    static NodeFault tooSlow(ConnectionStep step, SshTarget target, Duration limit) {
        String where = target.host() + " port " + target.port();
        return switch (step) {
            case CONNECT ->
                new NodeFault(
                        step,
                        where + " accepts the connection but sends nothing within " + text(limit),
                        "Check that sshd listens on this port, and that the node is not overloaded.");
            case HOST_KEY ->
                new NodeFault(
                        step,
                        where + " has not sent its host key within " + text(limit),
                        "Check the load of the node. If ping works, also check the MTU of the network.");
            default ->
                new NodeFault(
                        step,
                        where + " has not completed the login of " + target.user() + " within " + text(limit),
                        "Check sshd's log on the node (if DNS is slow there, set UseDNS no), and the SSH agent"
                                + " here.");
        };
    }

    static NodeFault of(JSchException cause, ConnectionStep step, SshTarget target, KnownHosts hosts, SshKeys keys) {
        if (cause instanceof JSchAlgoNegoFailException algorithms) {
            return noCommonAlgorithm(algorithms);
        }
        return switch (step) {
            case CONNECT -> noGreeting(target);
            case HOST_KEY -> hostKey(cause, target, hosts);
            default -> keys.fault().orElseGet(() -> rejected(target, keys));
        };
    }

    /** Either side can be the one that lacks an algorithm, so both lists are shown. */
    private static NodeFault noCommonAlgorithm(JSchAlgoNegoFailException cause) {
        return new NodeFault(
                ConnectionStep.HOST_KEY,
                "no common " + cause.getAlgorithmName() + ": the node offers " + cause.getServerProposal()
                        + "; this computer offers " + cause.getJSchProposal(),
                "Allow one of this computer's algorithms in sshd_config of the node ("
                        + SessionAlgorithms.option(cause.getAlgorithmName())
                        + "). If the SSH configuration here restricts them, allow more here.");
    }

    private static NodeFault noGreeting(SshTarget target) {
        String where = target.host() + " port " + target.port();
        if (!(target.route() instanceof Route.Jumps jumps)) {
            return new NodeFault(
                    ConnectionStep.CONNECT,
                    where + " does not answer as an SSH server",
                    "Give the port of its SSH server in column ssh_port. If the port is right, check sshd's log on the"
                            + " node (for example for MaxStartups).");
        }
        return new NodeFault(
                ConnectionStep.CONNECT,
                "jump host " + jumps.last() + " cannot connect to " + where + ", or no SSH server listens there",
                "Check that sshd listens there on this port, and AllowTcpForwarding in sshd_config of the jump host.");
    }

    private static NodeFault hostKey(JSchException cause, SshTarget target, KnownHosts hosts) {
        String file = hosts.getKnownHostsRepositoryID();
        String name = target.hostKey().name();
        if (hosts.problem().isPresent()) {
            return new NodeFault(
                    ConnectionStep.HOST_KEY,
                    file + " cannot be used: " + hosts.problem().get(),
                    "Make it a file that you can read and write.");
        }
        if (cause instanceof JSchChangedHostKeyException) {
            return new NodeFault(
                    ConnectionStep.HOST_KEY,
                    "the key of " + name + " is not the one in " + file + "; it shows " + hosts.shown()
                            + ". Somebody may intercept the connection, or the node was reinstalled",
                    "If it was reinstalled: ssh-keygen -R '" + name + "' -f '" + file + "'");
        }
        if (cause instanceof JSchRevokedHostKeyException) {
            return new NodeFault(
                    ConnectionStep.HOST_KEY,
                    "the key of " + name + " is marked as revoked in " + file + ": " + hosts.shown(),
                    "Do not use the node until it has a new host key.");
        }
        if (cause instanceof JSchUnknownHostKeyException) {
            return new NodeFault(
                    ConnectionStep.HOST_KEY,
                    "the key of " + name + " is not in " + file + "; it shows " + hosts.shown(),
                    "Log in once and compare the fingerprint: " + target.command("ssh")
                            + "; or use --host-keys accept-new");
        }
        return new NodeFault(
                ConnectionStep.HOST_KEY,
                "the key exchange failed: " + cause.getMessage(),
                "Check sshd's log on the node.");
    }

    private static NodeFault rejected(SshTarget target, SshKeys keys) {
        String notTried = keys.skipped().isEmpty() ? "" : "; not tried: " + String.join(", ", keys.skipped());
        return new NodeFault(
                ConnectionStep.AUTHENTICATE,
                target.host() + " rejects the login of " + target.user() + "; tried: " + keys.names() + notTried,
                target.command("ssh-copy-id"));
    }

    private static String text(Duration limit) {
        return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
    }
}
