"""Signatures against the vendors' own figures.

Published: Tencent's "签名方法 v3" (two versions of its page, secret keys as printed there) and Aliyun's
"V3 版本请求体&签名机制" (fixed parameters). Made: with the vendors' own SDKs for Python in an environment
that is not part of this project, clock and nonce held still: `Utils.get_authorization` of
alibabacloud-tea-openapi 0.4.6 for a SendSms of alibabacloud-dysmsapi20170525 4.6.0, and
`_build_req_with_tc3_signature` of tencentcloud-sdk-python-common 3.1.195.
"""

import json

import pytest

from app.notifications.providers import aliyun, tencent

NO_BODY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
TENCENT_BODY = rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'


@pytest.mark.parametrize(
    ("secret", "signature"),
    [
        (
            "Gu5t9xGARNpq86cd98joQYCN3*******",
            "2230eefd229f582d8b1b891af7107b91597240707d778ab3738f756258d7652c",
        ),
        (
            "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
            "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168",
        ),
    ],
)
def test_tencent_s_published_example(secret: str, signature: str) -> None:
    shown = tencent.authorization(
        key_id="AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
        secret=secret,
        service="cvm",
        host="cvm.tencentcloudapi.com",
        content_type="application/json; charset=utf-8",
        body=TENCENT_BODY,
        at=1551113065,
    )
    assert shown == (
        "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, "
        f"SignedHeaders=content-type;host, Signature={signature}"
    )


def test_tencent_s_own_library() -> None:
    sent = {
        "PhoneNumberSet": ["+8613800138000"],
        "SmsSdkAppId": "1400006666",
        "SignName": "送岗",
        "TemplateId": "1234",
        "TemplateParamSet": ["王 师傅", "缝纫工"],
        "SessionContext": "ref0123456789abcdef",
    }
    shown = tencent.authorization(
        key_id="AKIDtest",
        secret="secrettest",
        service="sms",
        host="sms.tencentcloudapi.com",
        content_type="application/json",
        body=json.dumps(sent).encode(),
        at=1795309200,
    )
    assert shown == (
        "TC3-HMAC-SHA256 Credential=AKIDtest/2026-11-22/sms/tc3_request, SignedHeaders=content-type;host, "
        "Signature=103d54003f373fa09d16622cc22a525f488e1e0c49fedb5c9063ebd08d434714"
    )


def headers_of(host: str, action: str, version: str, date: str, nonce: str) -> dict[str, str]:
    return {
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": NO_BODY,
        "x-acs-date": date,
        "x-acs-signature-nonce": nonce,
        "x-acs-version": version,
    }


def test_aliyun_s_published_example() -> None:
    query = aliyun.canonical_query(
        {"RegionId": "cn-shanghai", "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"}
    )
    headers = headers_of(
        "ecs.cn-shanghai.aliyuncs.com",
        "RunInstances",
        "2014-05-26",
        "2023-10-26T10:22:32Z",
        "3156853299f313e23d1673dc12e1703d",
    )
    shown = aliyun.authorization("POST", "/", query, headers, "YourAccessKeyId", "YourAccessKeySecret")
    assert shown == (
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;"
        "x-acs-date;x-acs-signature-nonce;x-acs-version,"
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_aliyun_s_own_library() -> None:
    """With Chinese, a blank, a star and a tilde, which encoders like to get wrong."""
    query = aliyun.canonical_query(
        {
            "PhoneNumbers": "13800138000",
            "SignName": "送岗",
            "TemplateCode": "SMS_1000001",
            "TemplateParam": '{"name":"王 师傅","job":"缝纫工*2~3"}',
            "OutId": "ref0123456789abcdef",
        }
    )
    headers = headers_of(
        "dysmsapi.aliyuncs.com",
        "SendSms",
        "2017-05-25",
        "2026-11-22T01:00:00Z",
        "0123456789abcdef0123456789abcdef",
    )
    shown = aliyun.authorization("POST", "/", query, headers, "testid", "testsecret")
    assert shown.endswith("Signature=1b9998bae88cf7fd015043d1a9df3ff93d2285ed308b95b223c30703a29f3d0e")
