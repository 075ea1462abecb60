package org.rowmill.mounter.ssh.config;

import java.util.List;
import java.util.Optional;

/** How a connection gets to an SSH server. */
public sealed interface Route {

    /**
     * A TCP connection.
     *
     * @param bindAddress local address; empty: any
     * @param bindInterface local network interface; empty: any
     * @param family which addresses of the server are used
     */
    record Direct(Optional<String> bindAddress, Optional<String> bindInterface, Family family) implements Route {}

    /**
     * Through other SSH servers.
     *
     * @param hosts in the order of the path, each {@code [user@]host[:port]}; at least one
     */
    record Jumps(List<String> hosts) implements Route {

        /** Copies the hosts. */
        public Jumps {
            hosts = List.copyOf(hosts);
        }

        /** Returns the jump host that connects to the server. */
        public String last() {
            return hosts.get(hosts.size() - 1);
        }

        /** Returns the route to the last jump host, if it is prescribed. */
        public Optional<Route> beforeLast() {
            return hosts.size() == 1 ? Optional.empty() : Optional.of(new Jumps(hosts.subList(0, hosts.size() - 1)));
        }
    }

    /**
     * Through standard input and output of a program.
     *
     * @param line for the user's shell, with all tokens replaced
     */
    record Command(String line) implements Route {}

    /** Which kinds of addresses are used. */
    enum Family {
        /** IPv4 and IPv6. */
        ANY,
        /** IPv4 only. */
        INET,
        /** IPv6 only. */
        INET6
    }
}
