package org.rowmill.producer.cli;

import java.util.Map;

/** Accepts the spelling of enb: underscores in option names, and the names of the options for Ray's ports. */
final class Aliases {

    private static final Map<String, String> OTHER_NAMES =
            Map.of("--ray-port", "--port", "--ray-port-count", "--port-count");

    private Aliases() {}

    /** Returns the arguments with the names that Rowmill defines. What follows {@code --} is no option. */
    static String[] resolve(String[] arguments) {
        String[] resolved = arguments.clone();
        for (int i = 0; i < resolved.length && !resolved[i].equals("--"); i++) {
            if (resolved[i].startsWith("--")) {
                int end = resolved[i].indexOf('=');
                String name = (end < 0 ? resolved[i] : resolved[i].substring(0, end)).replace('_', '-');
                resolved[i] = OTHER_NAMES.getOrDefault(name, name) + (end < 0 ? "" : resolved[i].substring(end));
            }
        }
        return resolved;
    }
}
