package org.rowmill.mounter.ssh;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.Session;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.mounter.ssh.cipher.ChaCha20Poly1305;
import org.rowmill.mounter.ssh.config.Algorithms;

/** Chooses the algorithms that a session offers: those that the SSH configuration allows and that can be used here. */
final class SessionAlgorithms {

    /** From this version on, the JDK has ML-KEM. */
    private static final int JAVA_WITH_MLKEM = 24;

    private static final String CHACHA = "chacha20-poly1305@openssh.com";

    /** The agent signs for security keys, so that nothing here needs to know how. */
    private static final String SECURITY_KEYS = "sk-ssh-ed25519@openssh.com,sk-ecdsa-sha2-nistp256@openssh.com";

    private SessionAlgorithms() {}

    /**
     * Sets the algorithms of a session.
     *
     * @param certificates whether host certificates are wanted; otherwise the server shows its plain key, which it
     *     always has
     * @throws NodeFault if the SSH configuration allows none that can be used here
     */
    static void set(Session session, Algorithms allowed, boolean certificates) throws NodeFault {
        session.setConfig(CHACHA, ChaCha20Poly1305.class.getName());
        set(session, "kex", allowed.keyExchange(), JSch.getConfig("kex"));
        for (String direction : new String[] {"c2s", "s2c"}) {
            set(
                    session,
                    "cipher." + direction,
                    allowed.ciphers(),
                    JSch.getConfig("cipher." + direction) + "," + CHACHA);
            set(session, "mac." + direction, allowed.macs(), JSch.getConfig("mac." + direction));
        }
        String hostKeys = choose(allowed.hostKeys(), JSch.getConfig("server_host_key"));
        session.setConfig("server_host_key", certificates ? hostKeys : withoutCertificates(hostKeys));
        set(session, "ca_signature_algorithms", allowed.authorities(), JSch.getConfig("ca_signature_algorithms"));
        // Any name can be given here: keys in files have types that can be used, and an agent knows its own types.
        session.setConfig(
                "PubkeyAcceptedAlgorithms",
                allowed.userKeys().isEmpty()
                        ? JSch.getConfig("PubkeyAcceptedAlgorithms") + "," + SECURITY_KEYS
                        : String.join(",", allowed.userKeys()));
    }

    private static void set(Session session, String name, List<String> allowed, String usual) throws NodeFault {
        session.setConfig(name, choose(allowed, usual));
    }

    /**
     * Returns the usual algorithms that are allowed, the fastest first, and then others that are allowed and known.
     *
     * @param allowed by the SSH configuration; empty: the usual ones
     */
    static String choose(List<String> allowed, String usual) throws NodeFault {
        if (allowed.isEmpty()) {
            return usual;
        }
        Set<String> chosen = new LinkedHashSet<>(Arrays.asList(usual.split(",")));
        chosen.retainAll(allowed);
        allowed.stream().filter(SessionAlgorithms::isKnown).forEach(chosen::add);
        chosen.removeIf(name -> !isAvailable(name));
        if (chosen.isEmpty()) {
            throw new NodeFault(
                    ConnectionStep.HOST_KEY,
                    "the SSH configuration here allows only algorithms that Rowmill does not have: "
                            + String.join(",", allowed),
                    "Allow one of these, too: " + usual);
        }
        return String.join(",", chosen);
    }

    /** Returns whether an algorithm can be used without a further library. */
    private static boolean isAvailable(String name) {
        return !name.startsWith("sntrup")
                && (!name.startsWith("mlkem") || Runtime.version().feature() >= JAVA_WITH_MLKEM);
    }

    /** Returns whether JSch implements an algorithm. For a certificate type: the type of the key in it. */
    private static boolean isKnown(String name) {
        return JSch.getConfig(name.replace("-cert-v01@openssh.com", "")) != null;
    }

    private static String withoutCertificates(String types) {
        return Arrays.stream(types.split(","))
                .filter(type -> !type.contains("-cert-"))
                .collect(Collectors.joining(","));
    }

    /**
     * Returns the option of sshd_config and ssh_config for a kind of algorithms.
     *
     * @param kind as JSch names it
     */
    static String option(String kind) {
        String lower = kind.toLowerCase(Locale.ROOT);
        if (lower.contains("kex")) {
            return "KexAlgorithms";
        }
        if (lower.contains("host")) {
            return "HostKeyAlgorithms";
        }
        return lower.contains("mac") ? "MACs" : lower.contains("cipher") ? "Ciphers" : kind;
    }
}
