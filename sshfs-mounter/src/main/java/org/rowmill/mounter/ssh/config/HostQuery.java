package org.rowmill.mounter.ssh.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A host to look up, and what overrides its configuration, as on the command line of ssh.
 *
 * @param alias the host as the user wrote it
 * @param user of {@code ssh -l}
 * @param port of {@code ssh -p}
 * @param keyFile of {@code ssh -i}
 */
record HostQuery(String alias, Optional<String> user, OptionalInt port, Optional<Path> keyFile) {

    /** Returns the arguments of ssh for this host. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        user.ifPresent(name -> arguments.addAll(List.of("-l", name)));
        port.ifPresent(number -> arguments.addAll(List.of("-p", String.valueOf(number))));
        keyFile.ifPresent(file -> arguments.addAll(List.of("-i", file.toString())));
        arguments.addAll(List.of("--", alias));
        return List.copyOf(arguments);
    }
}
