package org.rowmill.consumer.connection;

import java.util.Map;
import javax.net.ssl.SSLContext;
import org.apache.activemq.artemis.spi.core.remoting.ssl.SSLContextConfig;
import org.apache.activemq.artemis.spi.core.remoting.ssl.SSLContextFactory;

/**
 * Lets a transport's parameters hold the {@link SSLContext} itself, where Artemis knows files of keys. Found by Artemis as a
 * service. The broker has the same: where both are on the class path, either will do.
 */
public final class GivenTls implements SSLContextFactory {

    /** The parameter that holds it. */
    static final String PARAMETER = "rowmill.sslContext";

    private static final int BEFORE_ARTEMIS_OWN = 100;

    /** Called by {@link java.util.ServiceLoader}. */
    public GivenTls() {}

    @Override
    public SSLContext getSSLContext(SSLContextConfig config, Map<String, Object> parameters) {
        if (parameters.get(PARAMETER) instanceof SSLContext given) {
            return given;
        }
        throw new IllegalArgumentException("a transport with TLS has no " + PARAMETER);
    }

    @Override
    public int getPriority() {
        return BEFORE_ARTEMIS_OWN;
    }
}
