package org.rowmill.mounter.ssh.config;

import java.util.Arrays;
import java.util.List;

/**
 * The names of algorithms that the SSH configuration allows; an empty list: the defaults.
 *
 * @param keyExchange KexAlgorithms
 * @param ciphers Ciphers
 * @param macs MACs
 * @param hostKeys HostKeyAlgorithms
 * @param userKeys PubkeyAcceptedAlgorithms
 * @param authorities CASignatureAlgorithms
 */
public record Algorithms(
        List<String> keyExchange,
        List<String> ciphers,
        List<String> macs,
        List<String> hostKeys,
        List<String> userKeys,
        List<String> authorities) {

    /** Copies the lists. */
    public Algorithms {
        keyExchange = List.copyOf(keyExchange);
        ciphers = List.copyOf(ciphers);
        macs = List.copyOf(macs);
        hostKeys = List.copyOf(hostKeys);
        userKeys = List.copyOf(userKeys);
        authorities = List.copyOf(authorities);
    }

    static Algorithms of(HostOptions options) {
        return new Algorithms(
                list(options, "kexalgorithms"),
                list(options, "ciphers"),
                list(options, "macs"),
                list(options, "hostkeyalgorithms"),
                list(options, "pubkeyacceptedalgorithms"),
                list(options, "casignaturealgorithms"));
    }

    /** Lists that change the defaults ({@code +}, {@code -}, {@code ^}) are complete only in the output of ssh. */
    private static List<String> list(HostOptions options, String name) {
        return options.first(name)
                .filter(text -> !text.isEmpty() && "+-^".indexOf(text.charAt(0)) < 0)
                .map(text -> Arrays.asList(text.split(",")))
                .orElse(List.of());
    }
}
