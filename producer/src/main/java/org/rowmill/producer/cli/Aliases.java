package org.rowmill.producer.cli;

import java.util.Map;

/** What people who know enb type: underscores in option names, and Ray's names of the ports. */
final class Aliases {

    private static final Map<String, String> OTHER_NAMES =
            Map.of("--ray-port", "--port", "--ray-port-count", "--port-count");

    private Aliases() {}

    /** The same arguments with the options' own names. */
    static String[] resolve(String[] arguments) {
        String[] resolved = arguments.clone();
        for (int i = 0; i < resolved.length; i++) {
            if (resolved[i].startsWith("--")) {
                int end = resolved[i].indexOf('=');
                String name = (end < 0 ? resolved[i] : resolved[i].substring(0, end)).replace('_', '-');
                resolved[i] = OTHER_NAMES.getOrDefault(name, name) + (end < 0 ? "" : resolved[i].substring(end));
            }
        }
        return resolved;
    }
}
