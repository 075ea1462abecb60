package org.rowmill.mounter.ssh.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Collects the options of one host in the order of the files: the first value of an option counts. */
final class GivenOptions {

    private static final Set<String> LISTS = Set.of("identityfile", "certificatefile");
    private static final Set<String> WHOLE_LINES = Set.of("proxycommand", "knownhostscommand");
    private static final Set<String> SEVERAL_FILES =
            Set.of("userknownhostsfile", "globalknownhostsfile", "revokedhostkeys");

    private static final List<String> DEFAULT_KEYS =
            List.of("id_rsa", "id_ecdsa", "id_ecdsa_sk", "id_ed25519", "id_ed25519_sk", "id_dsa");

    private final HostQuery query;
    private final Map<String, List<String>> values = new LinkedHashMap<>();

    GivenOptions(HostQuery query) {
        this.query = query;
        query.user().ifPresent(user -> values.put("user", List.of(user)));
        query.port().ifPresent(port -> values.put("port", List.of(String.valueOf(port))));
        query.keyFile().ifPresent(file -> values.put("identityfile", new ArrayList<>(List.of(file.toString()))));
    }

    /**
     * Adds an option.
     *
     * @param line all of its value
     * @param words the words of its value, without quotes and comments
     */
    void add(String option, String line, List<String> words) {
        String name = option.toLowerCase(Locale.ROOT);
        if (words.isEmpty() || isDecided(name)) {
            return;
        }
        if (LISTS.contains(name)) {
            values.computeIfAbsent(name, any -> new ArrayList<>()).add(words.get(0));
        } else if (SEVERAL_FILES.contains(name)) {
            values.put(name, List.copyOf(words));
        } else {
            values.put(name, List.of(WHOLE_LINES.contains(name) ? line : words.get(0)));
        }
    }

    /** The first of ProxyCommand and ProxyJump counts, even if it is {@code none}. */
    private boolean isDecided(String name) {
        return switch (name) {
            case "proxycommand", "proxyjump" -> values.containsKey("proxycommand") || values.containsKey("proxyjump");
            default -> values.containsKey(name) && !LISTS.contains(name);
        };
    }

    /** Returns the host's name so far. */
    String host() {
        return first("hostname")
                .map(name -> name.replace("%h", query.alias()).replace("%%", "%"))
                .orElse(query.alias());
    }

    /** Returns the user so far. */
    String user() {
        return first("user").orElseGet(() -> System.getProperty("user.name"));
    }

    private Optional<String> first(String name) {
        return Optional.ofNullable(values.get(name)).map(list -> list.get(0));
    }

    /** Returns all options, with OpenSSH's defaults for those that Rowmill needs. */
    HostOptions options() {
        Map<String, List<String>> all = new LinkedHashMap<>(values);
        all.put("hostname", List.of(host()));
        all.put("user", List.of(user()));
        all.putIfAbsent("port", List.of("22"));
        all.putIfAbsent(
                "identityfile",
                DEFAULT_KEYS.stream().map(name -> "~/.ssh/" + name).toList());
        all.putIfAbsent("userknownhostsfile", List.of("~/.ssh/known_hosts", "~/.ssh/known_hosts2"));
        all.putIfAbsent("globalknownhostsfile", List.of("/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"));
        return new HostOptions(all);
    }
}
