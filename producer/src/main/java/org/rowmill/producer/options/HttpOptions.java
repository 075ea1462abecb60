package org.rowmill.producer.options;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.rowmill.schemas.WrongInput;

/**
 * Where metrics are served, and to whom.
 *
 * @param address of this computer
 * @param port empty: the first free one of the range
 * @param tokenFile holds what whoever reads them must show; empty: nothing, which loopback alone may do
 */
public record HttpOptions(InetAddress address, OptionalInt port, Optional<Path> tokenFile) {
    public HttpOptions {
        if (!address.isLoopbackAddress() && tokenFile.isEmpty()) {
            throw new WrongInput("--http-address " + address.getHostAddress()
                    + ": other computers could read the metrics; name a file with a token for those that may:"
                    + " --http-token-file FILE (it is made where there is none)");
        }
    }
}
