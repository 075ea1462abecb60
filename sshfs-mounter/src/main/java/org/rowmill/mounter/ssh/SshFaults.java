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
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;

/** What is wrong with a way to a node, in a person's words. */
final class SshFaults {

    private static final String FIREWALL =
            "Look whether the node is up, and whether a firewall on the way lets the head reach this port.";

    private SshFaults() {}

    static NodeFault unknownName(String host) {
        return new NodeFault(
                ConnectionStep.RESOLVE,
                "no address is known for the name " + host,
                "Correct the name in the cluster file, or give an IP address or a Host of the SSH configuration.");
    }

    static NodeFault slowName(String host, Duration limit) {
        return new NodeFault(
                ConnectionStep.RESOLVE,
                "the name " + host + " was not resolved within " + text(limit),
                "Look at the name service of the head, or give an IP address.");
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
                        where + " takes the connection but says nothing within " + text(limit),
                        "Look whether sshd listens on this port, and whether the node is overloaded.");
            case HOST_KEY ->
                new NodeFault(
                        step,
                        where + " has not shown its key within " + text(limit),
                        "Look at the load of the node, and at the MTU of the network if small packets pass.");
            default ->
                new NodeFault(
                        step,
                        where + " has not let " + target.user() + " in within " + text(limit),
                        "Look at sshd's log on the node (slow name service there: UseDNS no), and at the agent here.");
        };
    }

    static NodeFault of(JSchException cause, ConnectionStep step, SshTarget target, KnownHosts hosts, SshKeys keys) {
        if (cause instanceof JSchAlgoNegoFailException algorithms) {
            return new NodeFault(
                    ConnectionStep.HOST_KEY,
                    "no common " + algorithms.getAlgorithmName() + ": the node offers "
                            + algorithms.getServerProposal(),
                    "Install a newer SSH server there.");
        }
        return switch (step) {
            case CONNECT -> noGreeting(target);
            case HOST_KEY -> hostKey(cause, target, hosts);
            default -> keys.fault().orElseGet(() -> refused(target, keys));
        };
    }

    private static NodeFault noGreeting(SshTarget target) {
        String where = target.host() + " port " + target.port();
        if (target.jumps().isEmpty()) {
            return new NodeFault(
                    ConnectionStep.CONNECT,
                    where + " does not greet as an SSH server",
                    "Give the port of its SSH server in column ssh_port; if it is that one, sshd's log on the node tells more"
                            + " (MaxStartups, for one).");
        }
        String jump = target.jumps().get(target.jumps().size() - 1);
        return new NodeFault(
                ConnectionStep.CONNECT,
                "jump host " + jump + " opens no way to " + where + ", or no SSH server is there",
                "See whether sshd listens there on this port, and AllowTcpForwarding in sshd_config of the jump host.");
    }

    private static NodeFault hostKey(JSchException cause, SshTarget target, KnownHosts hosts) {
        String file = hosts.getKnownHostsRepositoryID();
        String name = target.hostKeyName();
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
                            + ". Somebody may be listening in, or the node was set up anew",
                    "If it was set up anew: ssh-keygen -R '" + name + "' -f '" + file + "'");
        }
        if (cause instanceof JSchRevokedHostKeyException) {
            return new NodeFault(
                    ConnectionStep.HOST_KEY,
                    "the key of " + name + " is marked as revoked in " + file + ": " + hosts.shown(),
                    "Give the node a new host key, and do not use it before.");
        }
        if (cause instanceof JSchUnknownHostKeyException) {
            return new NodeFault(
                    ConnectionStep.HOST_KEY,
                    "the key of " + name + " is not in " + file + "; it shows " + hosts.shown(),
                    "Log in once by hand and compare the fingerprint: " + target.command("ssh") + "; or use --host-keys accept-new");
        }
        return new NodeFault(
                ConnectionStep.HOST_KEY, "the key exchange failed: " + cause.getMessage(), "Look at sshd's log on the node.");
    }

    private static NodeFault refused(SshTarget target, SshKeys keys) {
        String locked = keys.locked().isEmpty()
                ? ""
                : "; not tried, since they have a passphrase and no agent has them: " + keys.locked();
        return new NodeFault(
                ConnectionStep.AUTHENTICATE,
                target.host() + " does not let " + target.user() + " in; tried: " + keys.names() + locked,
                target.command("ssh-copy-id"));
    }

    private static String text(Duration limit) {
        return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
    }
}
