package org.rowmill.mounter.ssh.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The options of the SSH configuration for one host, each with its values in their order.
 *
 * @param values by the option's name in lower case
 */
record HostOptions(Map<String, List<String>> values) {

    HostOptions {
        values = Map.copyOf(values);
    }

    /** Reads the output of {@code ssh -G}: an option and its value on each line. */
    static HostOptions ofLines(Stream<String> lines) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        lines.map(line -> line.split(" ", 2))
                .filter(words -> words.length == 2)
                .forEach(words -> values.computeIfAbsent(words[0].toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                        .add(words[1]));
        return new HostOptions(values);
    }

    /** Returns the first value of an option. The value {@code none} means no value. */
    Optional<String> first(String name) {
        return all(name).stream().findFirst().filter(value -> !value.equalsIgnoreCase("none"));
    }

    List<String> all(String name) {
        return values.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    /** Returns the values of an option that names files. */
    List<String> files(String name) {
        return all(name).stream()
                .filter(value -> !value.equalsIgnoreCase("none"))
                .toList();
    }

    boolean isOn(String name) {
        return isOneOf(name, "yes", "true");
    }

    boolean isOff(String name) {
        return isOneOf(name, "no", "false");
    }

    private boolean isOneOf(String name, String... words) {
        return first(name)
                .filter(value -> List.of(words).contains(value.toLowerCase(Locale.ROOT)))
                .isPresent();
    }
}
