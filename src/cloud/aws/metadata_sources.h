#pragma once

#include "cloud/aws/identity_transport.h"

namespace dth::aws {

// A container's credentials, on ECS and EKS: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI,
// with the token in AWS_CONTAINER_AUTHORIZATION_TOKEN, or in the file that ..._FILE names, which is
// read each time. Over plain HTTP only loopback addresses and those of AWS's agents are asked.
// not_found where the environment names none.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
std::shared_ptr<CredentialSource> make_container_source(IdentityServices services,
                                                        Environment environment);

// The role of the EC2 instance that this runs on, by version 2 of the metadata service, and never
// by version 1. AWS_EC2_METADATA_DISABLED=true, AWS_EC2_METADATA_SERVICE_ENDPOINT and
// ..._ENDPOINT_MODE are heeded. not_found where nothing answers within two attempts of a second
// each, or the instance has no role.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html
std::shared_ptr<CredentialSource> make_instance_source(IdentityServices services,
                                                       Environment environment);

}  // namespace dth::aws
